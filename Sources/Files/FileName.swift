/// A name as file systems tell it from others: by its bytes.
///
/// To `String` an é is an é, in one character or in two; they name two files.
package struct FileName: Hashable, Sendable {
  private let bytes: [UInt8]

  /// Names a file.
  package init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

  /// The name.
  package var text: String { String(decoding: bytes, as: UTF8.self) }
}
