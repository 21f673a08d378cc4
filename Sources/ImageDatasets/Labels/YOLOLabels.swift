import Augmentation
import Files
import Foundation

/// YOLO's text files: a line `class centreX centreY width height` for each box, all but the class
/// as shares of the picture.
public struct YOLOLabels: Sendable {
  /// The folder of the text files.
  public let folder: String

  /// Creates the labels of a folder.
  public init(folder: String) { self.folder = folder }

  /// The labels of a picture; without a file it has none.
  ///
  /// - Throws: `LabelError` for a line that is no box, `FileError` if the file cannot be read.
  func labels(of name: String, size: PixelSize) throws -> PictureLabels {
    guard let path = file(of: name) else { return PictureLabels() }
    let text = String(decoding: try WholeFile.read(path, limit: 1 << 26), as: UTF8.self)
    return try Self.read(text, size: size, file: path)
  }

  /// The file of a picture, if there is one.
  func file(of name: String) -> String? { LabelSet.file(of: name, as: .yolo, in: folder) }

  /// Reads the text of a file.
  ///
  /// - Throws: `LabelError` for a line that is no box.
  public static func read(
    _ text: String, size: PixelSize, file: String
  ) throws(LabelError) -> PictureLabels {
    var labels = PictureLabels()
    let width = Double(size.width), height = Double(size.height)
    for (number, line) in text.withoutByteOrderMark.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.isEmpty { continue }
      guard words.count == 5 else {
        throw LabelError(
          file, line: number + 1,
          "\(words.count) words where a box has 5: class centreX centreY width height.")
      }
      let shares = words.dropFirst().compactMap { Double($0) }
      // Boxes may reach over the edge a little, but none is less than nothing.
      guard shares.count == 4, shares.allSatisfy({ (-1...2).contains($0) }),
        min(shares[2], shares[3]) >= 0
      else {
        throw LabelError(
          file, line: number + 1,
          "'\(words.dropFirst().joined(separator: " "))' are not four shares of the picture, 0…1.")
      }
      labels.boxes.append(
        Box(
          left: (shares[0] - shares[2] / 2) * width, top: (shares[1] - shares[3] / 2) * height,
          right: (shares[0] + shares[2] / 2) * width,
          bottom: (shares[1] + shares[3] / 2) * height, label: String(words[0]),
          tag: labels.details.count))
      labels.details.append(.none)
    }
    return labels
  }

  /// The text of a file.
  public static func text(_ labels: PictureLabels, size: PixelSize) -> String {
    let width = Double(size.width), height = Double(size.height)
    return labels.boxes.map { box in
      let shares = [
        (box.left + box.right) / 2 / width, (box.top + box.bottom) / 2 / height, box.width / width,
        box.height / height,
      ]
      return box.label + shares.map { String(format: " %.6f", $0) }.joined() + "\n"
    }.joined()
  }
}
