import Foundation

/// What commands say: results to standard output, everything else to standard error.
enum Console {
  /// Writes a line of results.
  static func write(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

  /// Writes a line about how things go.
  static func note(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

  /// Writes a value as one line of JSON, keys in alphabetical order.
  static func writeJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    write(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
