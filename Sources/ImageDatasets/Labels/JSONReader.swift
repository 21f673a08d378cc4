import Augmentation

/// Reads JSON: flags stay flags, numbers keep all their digits, and maps their order.
///
/// Foundation's parser makes numbers of flags, and rounds numbers of more than 53 bits.
struct JSONReader {
  private let bytes: [UInt8]
  private let file: String
  private var place = 0

  private static let depthLimit = 128

  /// Reads a document.
  ///
  /// - Throws: `LabelError` where it is no JSON.
  static func read(_ bytes: [UInt8], file: String) throws(LabelError) -> OptionValue {
    var reader = JSONReader(bytes: bytes, file: file)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { reader.place = 3 }
    let value = try reader.value(depth: 0)
    guard reader.next() == nil else { throw reader.problem }
    return value
  }

  private init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  private var problem: LabelError {
    let line = bytes.prefix(place).count { $0 == UInt8(ascii: "\n") } + 1
    return LabelError(file, line: line, "not JSON. Check brackets and commas.")
  }

  /// The next byte that is no space; it is not passed over.
  private mutating func next() -> UInt8? {
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): place += 1
      case let byte: return byte
      }
    }
    return nil
  }

  /// Passes over a mark if it comes next.
  private mutating func takes(_ mark: Unicode.Scalar) -> Bool {
    guard next() == UInt8(ascii: mark) else { return false }
    place += 1
    return true
  }

  private mutating func value(depth: Int) throws(LabelError) -> OptionValue {
    guard let first = next(), depth < Self.depthLimit else { throw problem }
    switch first {
    case UInt8(ascii: "{"): return .map(try entries(depth: depth))
    case UInt8(ascii: "["): return .list(try elements(depth: depth))
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .none)
    default: return try number()
    }
  }

  private mutating func entries(depth: Int) throws(LabelError) -> [OptionValue.Entry] {
    place += 1
    var entries: [OptionValue.Entry] = []
    if takes("}") { return entries }
    while true {
      guard next() == UInt8(ascii: "\"") else { throw problem }
      let name = try string()
      guard takes(":") else { throw problem }
      entries.append(.init(name, try value(depth: depth + 1)))
      if takes("}") { return entries }
      guard takes(",") else { throw problem }
    }
  }

  private mutating func elements(depth: Int) throws(LabelError) -> [OptionValue] {
    place += 1
    var elements: [OptionValue] = []
    if takes("]") { return elements }
    while true {
      elements.append(try value(depth: depth + 1))
      if takes("]") { return elements }
      guard takes(",") else { throw problem }
    }
  }

  private mutating func word(
    _ word: StaticString, _ value: OptionValue
  ) throws(LabelError) -> OptionValue {
    let letters = Array("\(word)".utf8)
    guard bytes[place...].starts(with: letters) else { throw problem }
    place += letters.count
    return value
  }

  // MARK: - Numbers

  private mutating func number() throws(LabelError) -> OptionValue {
    let start = place
    if byte(isOneOf: "-") { place += 1 }
    let isZero = byte(isOneOf: "0")
    guard let digits = digits(), !isZero || digits == 1 else { throw problem }
    var isWhole = true
    if byte(isOneOf: ".") {
      place += 1
      isWhole = false
      guard self.digits() != nil else { throw problem }
    }
    if byte(isOneOf: "eE") {
      place += 1
      isWhole = false
      if byte(isOneOf: "+-") { place += 1 }
      guard self.digits() != nil else { throw problem }
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    guard let value = Double(text), value.isFinite, !isWhole || value.magnitude < 0x1p53 else {
      return .literal(text)
    }
    return .number(value)
  }

  /// Passes over digits; returns how many, nil if there are none.
  private mutating func digits() -> Int? {
    let start = place
    while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) {
      place += 1
    }
    return place > start ? place - start : nil
  }

  private func byte(isOneOf letters: StaticString) -> Bool {
    place < bytes.count && letters.withUTF8Buffer { $0.contains(bytes[place]) }
  }

  // MARK: - Texts

  private mutating func string() throws(LabelError) -> String {
    place += 1
    let start = place
    while place < bytes.count, bytes[place] >= 0x20 {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        place += 1
        return String(decoding: bytes[start..<place - 1], as: UTF8.self)
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      default: place += 1
      }
    }
    throw problem
  }

  /// A text of which some letters stand behind a backslash, the first of them here.
  private mutating func escapedString(from start: Int) throws(LabelError) -> String {
    var text = Array(bytes[start..<place])
    while place < bytes.count, bytes[place] >= 0x20 {
      let byte = bytes[place]
      place += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      if byte == UInt8(ascii: "\\") {
        text.append(contentsOf: "\(try escaped())".utf8)
      } else {
        text.append(byte)
      }
    }
    throw problem
  }

  private mutating func escaped() throws(LabelError) -> Unicode.Scalar {
    guard place < bytes.count else { throw problem }
    place += 1
    switch bytes[place - 1] {
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try scalar()
    case let letter where "\"\\/".utf8.contains(letter): return Unicode.Scalar(letter)
    default: throw problem
    }
  }

  /// The letter of a number, or of two that UTF-16 makes of it; half of two is no letter.
  private mutating func scalar() throws(LabelError) -> Unicode.Scalar {
    let first = try hexadecimal()
    guard (0xd800..<0xdc00).contains(first), bytes[place...].starts(with: "\\u".utf8) else {
      return Unicode.Scalar(first) ?? "\u{fffd}"
    }
    place += 2
    let second = try hexadecimal()
    guard (0xdc00..<0xe000).contains(second) else { return "\u{fffd}" }
    return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)) ?? "\u{fffd}"
  }

  private mutating func hexadecimal() throws(LabelError) -> UInt32 {
    let digits = bytes[place...].prefix(4)
    guard digits.count == 4, !digits.contains(UInt8(ascii: "+")),
      !digits.contains(UInt8(ascii: "-")),
      let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw problem }
    place += 4
    return number
  }
}
