import Foundation
import Images
import Tensors

extension LabelledPictures {
  /// Reads a folder of pictures; if it holds folders, their names are the labels.
  ///
  /// Each picture is scaled so that its shorter side fits, and cut to a square from its middle;
  /// transparent ones are laid over black. What cannot be read is in `broken`.
  ///
  /// - Parameters:
  ///   - folder: A folder, searched recursively.
  ///   - size: Rows and columns of the pictures.
  ///   - channels: 1 or 3; nil for 1 if all pictures are grey, else 3.
  ///   - threads: Pictures read at a time; the outcome does not depend on it.
  /// - Throws: `DatasetError` if there is no such folder, some pictures lie beside the folders of
  ///   the others, or none can be read.
  public init(
    folder: String, size: Int, channels: Int? = nil,
    threads: Int = SystemCores.count
  ) throws {
    precondition(size > 0, "pictures of \(size)×\(size)")
    precondition(channels.map { $0 == 1 || $0 == 3 } ?? true, "pictures of \(channels!) channels")
    let search = try ImageFolder(folder)
    let names = search.names.map(Self.label)
    let labels = Array(Set(names)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if labels.count > 1, let stray = names.firstIndex(of: "") {
      throw DatasetError.withoutLabel(search.path(at: stray), label: labels[1])
    }
    let outcomes = ParallelWork.results(count: search.count, threads: threads) {
      Self.square(search.path(at: $0), size: size)
    }
    var pictures: [Image] = [], classes: [Int] = [], broken: [BrokenPicture] = []
    for (outcome, name) in zip(outcomes, names) {
      switch outcome {
      case .success(let picture):
        pictures.append(picture)
        classes.append(labels.firstIndex(of: name)!)
      case .failure(let picture): broken.append(picture)
      }
    }
    guard !pictures.isEmpty else {
      throw DatasetError.noneReadable(folder, count: search.count, reason: broken[0].reason)
    }
    let shared = channels ?? (pictures.allSatisfy { $0.channels == 1 } ? 1 : 3)
    self.init(
      pictures.map { $0.converted(toChannels: shared) }, classes: classes, labels: labels,
      broken: broken)
  }

  /// The first folder of a relative name; empty if there is none.
  private static func label(of name: String) -> String {
    name.firstIndex(of: "/").map { String(name[..<$0]) } ?? ""
  }

  /// The middle of a picture, as a square without alpha.
  private static func square(_ path: String, size: Int) -> Result<Image, BrokenPicture> {
    do {
      return .success(try ImageFile.read(path).composited(over: [0]).square(size))
    } catch {
      return .failure(BrokenPicture(path: path, reason: "\(error)"))
    }
  }
}

extension Image {
  /// The picture's middle, scaled so that the shorter side fits.
  func square(_ size: Int) -> Image {
    let shorter = min(width, height)
    func scaled(_ side: Int) -> Int { max(size, (side * size + shorter / 2) / shorter) }
    let (scaledWidth, scaledHeight) = (scaled(width), scaled(height))
    let middle = PixelRectangle(
      x: (scaledWidth - size) / 2, y: (scaledHeight - size) / 2, width: size, height: size)
    return resized(width: scaledWidth, height: scaledHeight, croppedTo: middle)
  }
}
