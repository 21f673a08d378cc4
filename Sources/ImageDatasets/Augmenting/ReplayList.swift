import Augmentation
import Files
import Foundation

/// What a manifest says was done to pictures, to be done again.
public struct ReplayList: Sendable {
  /// One copy of a picture, with what was done to it.
  struct Copy: Sendable {
    let number: Int
    let record: AugmentationRecord
    let operations: [any ImageOperation]
  }

  /// The manifest.
  public let file: String
  /// The most copies of a picture.
  let copies: Int
  private let byPicture: [Substring: [Copy]]

  /// What a line says of a copy.
  private struct Line: Decodable {
    let input: String
    let copy: Int
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
    var byPicture: [Substring: [Copy]] = [:], copies = 1
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
      let operations: [any ImageOperation]
      do throws(RecipeError) {
        operations = try known.operations(of: applied)
      } catch {
        throw LabelError(path, line: number, error.description)
      }
      let record = AugmentationRecord(operations: applied, boxRules: line.boxRules ?? BoxRules())
      byPicture[ImageFolder.stem(line.input), default: []].append(
        Copy(number: line.copy, record: record, operations: operations))
      copies = max(copies, line.copy + 1)
    }
    self.byPicture = byPicture
    self.copies = copies
  }

  /// The copies of a picture, found by its name, whatever its format.
  ///
  /// - Throws: `LabelError` if the manifest does not know it.
  func copies(of name: String) throws(LabelError) -> [Copy] {
    guard let copies = byPicture[ImageFolder.stem(name)] else {
      throw LabelError(file, "no line for '\(name)'. Name pictures as they were when recorded.")
    }
    return copies
  }
}
