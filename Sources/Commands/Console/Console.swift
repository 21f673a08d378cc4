import Files
import Foundation

/// What commands say: results to standard output, everything else to standard error.
enum Console {
  /// Writes a line of results.
  ///
  /// - Throws: `FileError` if standard output takes no more.
  static func write(_ line: String) throws(FileError) { try write(Array((line + "\n").utf8)) }

  /// Writes bytes of results.
  ///
  /// - Throws: `FileError` if standard output takes no more.
  static func write(_ bytes: [UInt8]) throws(FileError) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    } catch {
      let reason = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      let code = reason.flatMap { $0.domain == NSPOSIXErrorDomain ? Int32($0.code) : nil }
      throw FileError(.write, "standard output", .system(code: code ?? EIO))
    }
  }

  /// Writes a line about how things go; nobody can be told when that fails.
  static func note(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }

  /// Writes a value as one line of JSON, keys in alphabetical order.
  ///
  /// - Throws: `FileError` if standard output takes no more.
  static func writeJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try write(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
