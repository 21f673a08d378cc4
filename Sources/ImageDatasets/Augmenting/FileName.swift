/// A name as file systems tell it from others: by its bytes.
///
/// To `String` an é is an é, in one character or in two; they name two files.
struct FileName: Hashable {
  /// The name.
  let text: String

  init(_ text: String) { self.text = text }

  static func == (a: FileName, b: FileName) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
