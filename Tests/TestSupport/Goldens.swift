import Checkpoints
import Foundation
import Tensors

/// Finds the numbers that `Scripts/record-goldens.py` recorded from PyTorch.
package enum Goldens {
  /// What to do when a replay fails: part of every failure's text.
  package static let remedy =
    "goldens are recorded anew by Scripts/record-goldens.py; CYCLEGAN_GOLDENS names another folder"

  /// The folder of the goldens: `CYCLEGAN_GOLDENS`, else `Tests/Goldens`.
  package static var folder: String {
    ProcessInfo.processInfo.environment["CYCLEGAN_GOLDENS"]
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Goldens").standardized.path
  }

  /// Reads a file of goldens.
  ///
  /// - Parameter name: The file's name without its ending: `convolutions`, `networks`, …
  package static func load(_ name: String) throws -> Golden {
    let path = "\(folder)/\(name).safetensors"
    do {
      return try Golden(path: path, contents: Safetensors.read(path))
    } catch {
      throw Mismatch("\(error) (\(remedy))")
    }
  }
}

/// One file of goldens: tensors called `<case>.<what>`, and a description of each case.
package struct Golden: Sendable {
  /// The seed that it was recorded with.
  package let seed: UInt64
  private let path: String
  private let contents: Safetensors

  private struct Header: Decodable { var seed: UInt64 }
  private struct Description<Case: Decodable>: Decodable { var cases: [Case] }

  fileprivate init(path: String, contents: Safetensors) throws {
    self.path = path
    self.contents = contents
    seed = try Self.decode(Header.self, contents).seed
  }

  /// The descriptions of the cases.
  package func cases<Case: Decodable>(_ type: Case.Type) throws -> [Case] {
    try Self.decode(Description<Case>.self, contents).cases
  }

  /// A tensor as it was stored.
  ///
  /// - Parameters:
  ///   - name: The case.
  ///   - key: Which of its tensors: `x`, `dy`, …
  package func tensor(_ name: String, _ key: String) throws -> Tensor {
    guard let tensor = contents.tensors["\(name).\(key)"] else {
      throw Mismatch("\(path) holds no '\(name).\(key)' (\(Goldens.remedy))")
    }
    return tensor
  }

  /// A filter, stored in the reference's layout, in ours.
  package func filter(_ name: String, _ key: String) throws -> Tensor {
    try tensor(name, key).filterFromReferenceLayout()
  }

  /// All tensors of a case whose key begins with a prefix, by the rest of the key; filters in our
  /// layout.
  package func parameters(_ name: String, _ prefix: String) -> [String: Tensor] {
    let whole = "\(name).\(prefix)"
    let found = contents.tensors.filter { $0.key.hasPrefix(whole) }
    return Dictionary(
      uniqueKeysWithValues: found.map { key, tensor in
        let rest = String(key.dropFirst(whole.count))
        return (rest, tensor.inOurLayout)
      })
  }

  private static func decode<Value: Decodable>(_ type: Value.Type, _ contents: Safetensors) throws
    -> Value
  {
    try JSONDecoder().decode(type, from: Data((contents.metadata["golden"] ?? "").utf8))
  }
}
