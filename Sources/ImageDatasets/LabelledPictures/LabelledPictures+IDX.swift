import Files
import Foundation
import Images

extension LabelledPictures {
  /// Reads grey pictures and their labels from IDX files, as MNIST has them.
  ///
  /// - Parameters:
  ///   - path: The pictures: `train-images-idx3-ubyte`, say, packed by gzip or not.
  ///   - labels: The labels; nil for the file beside it, `train-labels-idx1-ubyte`, packed or not.
  ///   - size: Rows and columns to scale and cut the pictures to; nil to leave them as they are.
  /// - Throws: `FileError` or `IDXError`.
  public init(idx path: String, labels: String? = nil, size: Int? = nil) throws {
    precondition(size ?? 1 > 0, "pictures of \(size ?? 0)×\(size ?? 0)")
    let pictures = try IDXFile(path, rank: 3)
    let labelPath = try labels ?? Self.labels(beside: path)
    let names = try IDXFile(labelPath, rank: 1)
    guard names.elements.count == pictures.extents[0] else {
      throw IDXError(
        labelPath, .labelCount(names.elements.count, pictures: pictures.extents[0]))
    }
    let classes = names.elements.map(Int.init)
    let stored = LabelledPictures(
      samples: pictures.elements, width: pictures.extents[2], height: pictures.extents[1],
      channels: 1, classes: classes, labels: (0...classes.max()!).map(String.init))
    let isScaled = size.map { $0 != stored.width || $0 != stored.height } ?? false
    self = isScaled ? stored.mapped { $0.square(size!) } : stored
  }

  /// Where the labels of a file of pictures lie.
  private static func labels(beside path: String) throws(IDXError) -> String {
    let name = (path as NSString).lastPathComponent as String
    let other = name.replacingOccurrences(of: "images", with: "labels")
      .replacingOccurrences(of: "idx3", with: "idx1")
    let plain = other.hasSuffix(".gz") ? String(other.dropLast(3)) : other
    let candidates = [plain, plain + ".gz"]
    let folder = path.dropLast(name.count)
    for candidate in candidates where candidate != name {
      if FileEntry.isFile(folder + candidate) { return folder + candidate }
    }
    throw IDXError(path, .noLabels(looked: candidates))
  }
}
