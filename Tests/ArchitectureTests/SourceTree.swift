import Foundation

/// The package's sources as text.
enum SourceTree {
  /// The package's root folder.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Names of the folders in `Sources`, which are the targets.
  static func targets() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path + "/Sources")
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Every Swift file of a target: its path within the target and its text.
  static func files(of target: String) throws -> [(path: String, text: String)] {
    let folder = root.path + "/Sources/" + target
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder)
    return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
      (path, try String(contentsOfFile: folder + "/" + path, encoding: .utf8))
    }
  }

  /// Modules that a source imports, however the line is written: `@_exported import struct A.B`
  /// imports `A`.
  static func imports(in text: String) -> [String] {
    let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
    return text.split(whereSeparator: \.isNewline).compactMap { line in
      var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == ";" })[...]
      let access: Set = ["public", "package", "internal", "fileprivate", "private"]
      while let word = words.first, word.hasPrefix("@") || access.contains(String(word)) {
        words.removeFirst()
      }
      guard words.first == "import" else { return nil }
      words.removeFirst()
      if let word = words.first, kinds.contains(String(word)) { words.removeFirst() }
      return words.first?.split(separator: ".").first.map(String.init)
    }
  }
}
