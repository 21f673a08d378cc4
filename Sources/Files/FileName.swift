/// A name as file systems tell it from others: by its bytes.
///
/// To `String` an é is an é, in one character or in two; they name two files.
package struct FileName: Hashable, Sendable {
  /// The name.
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (a: FileName, b: FileName) -> Bool {
    a.text.utf8.elementsEqual(b.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
