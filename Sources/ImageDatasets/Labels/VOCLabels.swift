import Augmentation
import Files
import Foundation

/// Pascal VOC's XML files: an `object` for each box, with its name and `bndbox` in pixels.
public struct VOCLabels: Sendable {
  /// The folder of the XML files.
  public let folder: String

  /// Creates the labels of a folder.
  public init(folder: String) { self.folder = folder }

  /// The labels of a picture.
  ///
  /// - Throws: `LabelError` for a file that is not of this kind, or of a picture of another size,
  ///   `FileError` if it cannot be read.
  func labels(of name: String, size: PixelSize) throws -> PictureLabels {
    let path =
      LabelSet.file(of: name, as: .voc, in: folder)
      ?? "\(folder)/\(name.replacingExtension(by: "xml"))"
    return try Self.read(try WholeFile.read(path, limit: 1 << 26), size: size, file: path)
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: Its contents.
  ///   - size: The size of the picture, upright; nil to believe the file.
  ///   - file: What errors call it.
  /// - Throws: `LabelError` for what is not of this kind, or of a picture of another size.
  public static func read(
    _ bytes: [UInt8], size: PixelSize? = nil, file: String
  ) throws(LabelError) -> PictureLabels {
    let root = try XMLElement.read(bytes, file: file)
    guard root.name == "annotation" else {
      throw LabelError(
        file, line: root.line, "'\(root.name)' where Pascal VOC has 'annotation'.")
    }
    if let size, let said = root["size"] {
      try LabelledSize(
        width: said["width"].flatMap { Double($0.trimmed) },
        height: said["height"].flatMap { Double($0.trimmed) }
      ).require(size, file: file, line: said.line)
    }
    var labels = PictureLabels()
    for object in root.children where object.name == "object" {
      guard let box = object["bndbox"], let name = object["name"]?.trimmed, !name.isEmpty else {
        throw LabelError(file, line: object.line, "an object without 'name' or 'bndbox'. Add it.")
      }
      var edges: [Double] = []
      for edge in ["xmin", "ymin", "xmax", "ymax"] {
        guard let text = box[edge]?.trimmed, let number = Double(text), abs(number) < 1e7 else {
          throw LabelError(file, line: box.line, "a box without a number in '\(edge)'. Add it.")
        }
        edges.append(number)
      }
      let known: Set = ["bndbox", "name", "part"]
      labels.boxes.append(
        Box(
          left: edges[0], top: edges[1], right: edges[2], bottom: edges[3], label: name,
          tag: labels.details.count))
      labels.details.append(
        .map(
          object.children.filter { !known.contains($0.name) && $0.children.isEmpty }
            .map { .init($0.name, .text($0.trimmed)) }))
    }
    return labels
  }

  /// The text of a file.
  public static func text(
    _ labels: PictureLabels, name: String, size: PixelSize, channels: Int
  ) -> String {
    var lines = [
      "<annotation>", "  <filename>\(escaped(name))</filename>", "  <size>",
      "    <width>\(size.width)</width>", "    <height>\(size.height)</height>",
      "    <depth>\(channels)</depth>", "  </size>", "  <segmented>0</segmented>",
    ]
    for box in labels.boxes {
      lines += ["  <object>", "    <name>\(escaped(box.label))</name>"]
      for detail in labels.detail(box.tag) {
        if case .text(let text) = detail.value {
          lines.append("    <\(detail.name)>\(escaped(text))</\(detail.name)>")
        }
      }
      lines.append("    <bndbox>")
      let edges = [
        ("xmin", box.left), ("ymin", box.top), ("xmax", box.right), ("ymax", box.bottom),
      ]
      lines += edges.map { "      <\($0.0)>\(String(format: "%.2f", $0.1))</\($0.0)>" }
      lines += ["    </bndbox>", "  </object>"]
    }
    return (lines + ["</annotation>", ""]).joined(separator: "\n")
  }

  private static func escaped(_ text: String) -> String {
    text.map { letter in
      switch letter {
      case "<": "&lt;"
      case ">": "&gt;"
      case "&": "&amp;"
      default: String(letter)
      }
    }.joined()
  }
}
