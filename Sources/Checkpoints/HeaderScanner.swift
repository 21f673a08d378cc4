/// What is wrong with a header, without the file's name.
struct HeaderFault: Error {
  let detail: String
  init(_ detail: String) { self.detail = detail }
}

/// Reads the JSON of a safetensors header, byte by byte.
///
/// A general JSON reader keeps one of two equal names and turns large integers into floating-point
/// numbers; this one reads just what the format allows, and refuses everything else.
struct HeaderScanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Skips spaces and consumes one punctuation mark.
  mutating func expect(_ mark: Unicode.Scalar) throws(HeaderFault) {
    guard next() == UInt8(ascii: mark) else { throw fault("'\(mark)' was expected") }
    position += 1
  }

  /// Whether another member of an object or array follows; consumes the comma or the end.
  mutating func hasMember(_ isFirst: inout Bool, close: Unicode.Scalar) throws(HeaderFault)
    -> Bool
  {
    if next() == UInt8(ascii: close) {
      position += 1
      return false
    }
    if !isFirst { try expect(",") }
    isFirst = false
    return true
  }

  /// Nothing but spaces may follow.
  mutating func expectEnd() throws(HeaderFault) {
    guard next() == nil else { throw fault("something follows the end") }
  }

  /// An array of integers, none negative.
  mutating func integers() throws(HeaderFault) -> [Int] {
    var values: [Int] = []
    var isFirst = true
    try expect("[")
    while try hasMember(&isFirst, close: "]") { values.append(try integer()) }
    return values
  }

  /// A quoted string.
  mutating func string() throws(HeaderFault) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw fault("a string is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20: throw fault("a control character stands in a string")
      default: text.append(byte)
      }
    }
    throw fault("a string does not end")
  }

  private mutating func integer() throws(HeaderFault) -> Int {
    var value: Int?
    while let byte = value == nil ? next() : peek(), (0x30...0x39).contains(byte) {
      let (shifted, overflow1) = (value ?? 0).multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = shifted.addingReportingOverflow(Int(byte) - 0x30)
      guard !overflow1, !overflow2 else { throw fault("a number is too large") }
      value = sum
      position += 1
    }
    guard let value else { throw fault("a whole number was expected") }
    return value
  }

  private mutating func escape() throws(HeaderFault) -> [UInt8] {
    guard let byte = peek() else { throw fault("a string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(String(Character(try unicodeScalar())).utf8)
    default: throw fault("an escape is unknown")
    }
  }

  /// The four digits after `\u`, and the second half of a surrogate pair where the first asks for it.
  private mutating func unicodeScalar() throws(HeaderFault) -> Unicode.Scalar {
    var value = try fourDigits()
    if (0xD800..<0xDC00).contains(value), position + 1 < bytes.count,
      bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
    {
      position += 2
      let low = try fourDigits()
      guard (0xDC00..<0xE000).contains(low) else { throw fault("an escape is half a pair") }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw fault("an escape is half a pair") }
    return scalar
  }

  private mutating func fourDigits() throws(HeaderFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("an escape lacks digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  /// The next byte that is no space, if any.
  private mutating func next() -> UInt8? {
    while let byte = peek(), byte == 0x20 || (0x09...0x0a).contains(byte) || byte == 0x0d {
      position += 1
    }
    return peek()
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private func fault(_ detail: String) -> HeaderFault {
    HeaderFault("\(detail) at byte \(position) of its header")
  }
}
