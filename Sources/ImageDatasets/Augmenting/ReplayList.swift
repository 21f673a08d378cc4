import Augmentation
import Files
import Foundation

/// What a manifest says was done to pictures, to be done again.
public struct ReplayList: Sendable {
  /// One copy of a picture, with what was done to it.
  struct Copy: Sendable {
    let number: Int
    /// Whether it was made of a picture of 16 bits a channel.
    let isOfDeep: Bool
    let record: AugmentationRecord
    let operations: [any ImageOperation]
  }

  /// The manifest.
  public let file: String
  /// The most copies of a picture.
  let copies: Int
  private let byPicture: [FileName: [Copy]]
  private let namesByStem: [FileName: [FileName]]

  /// What a line says of a copy.
  private struct Line: Decodable {
    let input: String
    let copy: Int
    let inputBits: Int?
    let operations: [AppliedOperation]?
    let boxRules: BoxRules?
  }

  /// Reads a manifest (`manifest.jsonl`) that was written with records.
  ///
  /// - Parameters:
  ///   - path: The manifest.
  ///   - catalog: The operations that are known.
  /// - Throws: `LabelError` that names the line, `FileError` if the file cannot be read.
  public init(_ path: String, catalog: OperationCatalog = .standard) throws {
    file = path
    var known = RecordedOperations(catalog: catalog)
    var byPicture: [FileName: [Copy]] = [:], copies = 1
    var lines: [FileName: Int] = [:]
    let bytes = try WholeFile.read(path, limit: 1 << 32)
    for (index, text) in bytes.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).enumerated() where !text.isEmpty {
      let number = index + 1
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(text)) else {
        throw LabelError(path, line: number, "no line of a manifest. Name a manifest.jsonl.")
      }
      guard let applied = line.operations, (0..<1_000_000).contains(line.copy) else {
        throw LabelError(path, line: number, "nothing was recorded. Write it with --record.")
      }
      let name = "\(line.copy) \(line.input)"
      if let first = lines.updateValue(number, forKey: FileName(name)) {
        throw LabelError(
          path, line: number,
          "copy \(line.copy + 1) of '\(line.input)' again, after line \(first). Remove one.")
      }
      let operations: [any ImageOperation]
      do throws(RecipeError) {
        operations = try known.operations(of: applied)
      } catch {
        throw LabelError(path, line: number, error.description)
      }
      let record = AugmentationRecord(operations: applied, boxRules: line.boxRules ?? BoxRules())
      byPicture[FileName(line.input), default: []].append(
        Copy(
          number: line.copy, isOfDeep: line.inputBits == 16, record: record, operations: operations)
      )
      copies = max(copies, line.copy + 1)
    }
    self.byPicture = byPicture
    self.copies = copies
    namesByStem = Dictionary(grouping: byPicture.keys) { Self.stem($0.text) }
  }

  /// The folders of further pictures that were taken from.
  var referenceFolders: [String] {
    Set(byPicture.values.joined().flatMap { $0.operations.compactMap { $0.referenceFolder } })
      .sorted()
  }

  private static func stem(_ name: String) -> FileName { FileName(ImageFolder.stem(name)) }

  /// The copies of a picture, found by its name, or by that of a picture of another format.
  ///
  /// - Throws: `LabelError` if the manifest does not know it, or more than one that it could be.
  func copies(of name: String) throws(LabelError) -> [Copy] {
    if let copies = byPicture[FileName(name)] { return copies }
    let names = namesByStem[Self.stem(name)] ?? []
    guard let only = names.first, let copies = byPicture[only] else {
      throw LabelError(file, "no line for '\(name)'. Name pictures as they were when recorded.")
    }
    guard names.count == 1 else {
      throw LabelError(
        file,
        "lines for \(names.map(\.text).sorted().joined(separator: " and ")): which of them '\(name)' is, "
          + "nothing tells. Give it the name of one.")
    }
    return copies
  }
}
