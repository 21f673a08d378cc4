import Foundation

/// A value in a recipe or a record, as JSON knows them; maps keep their order.
public enum OptionValue: Sendable, Equatable {
  /// Nothing, which means the default.
  case none
  /// Yes or no.
  case flag(Bool)
  /// Whole or not.
  case number(Double)
  /// The digits of a whole number that is too large for that.
  case literal(String)
  /// A word or a name.
  case text(String)
  /// Values in order.
  case list([OptionValue])
  /// Values under names.
  case map([Entry])

  /// A number rounded to hundredths, as places in pictures are written.
  package static func hundredths(_ value: Double) -> OptionValue {
    .number((value * 100).rounded() / 100)
  }

  /// A value under a name.
  public struct Entry: Sendable, Equatable {
    /// The name.
    public let name: String
    /// The value.
    public let value: OptionValue

    /// Creates an entry.
    public init(_ name: String, _ value: OptionValue) {
      self.name = name
      self.value = value
    }
  }

  /// The value of a float, with the digits that tell it from its neighbours.
  static func number(_ value: Float) -> OptionValue { .number(Double("\(value)") ?? 0) }

  /// What the value is, as errors say it.
  var kind: String {
    switch self {
    case .none: "nothing"
    case .flag(let value): "\(value)"
    case .number(let value) where value.isNaN: "not a number"
    case .number(let value) where value.isInfinite: "infinite"
    case .number, .literal: "the number \(text)"
    case .text(let text): "'\(text)'"
    case .list: "a list"
    case .map: "a map"
    }
  }

  /// The value in one line of JSON.
  public var text: String {
    switch self {
    case .none: "null"
    case .flag(let value): "\(value)"
    case .number(let value): Self.digits(value)
    case .literal(let digits): digits
    case .text(let text): Self.quoted(text)
    case .list(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
    case .map(let entries):
      "{" + entries.map { "\(Self.quoted($0.name)): \($0.value.text)" }.joined(separator: ", ")
        + "}"
    }
  }

  /// The shortest digits of a number; whole ones without a point.
  static func digits(_ value: Double) -> String {
    if let whole = Int(exactly: value), whole.magnitude < 1 << 53 { return "\(whole)" }
    return value.isFinite ? "\(value)" : "null"
  }

  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
    if isPlain { return "\"\(text)\"" }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // Every text can be encoded.
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}

extension OptionValue: Codable {
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Reads any value; the names of a map come in alphabetical order.
  public init(from decoder: any Decoder) throws {
    if let map = try? decoder.container(keyedBy: Name.self) {
      self = .map(
        try map.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
          Entry($0.stringValue, try map.decode(OptionValue.self, forKey: $0))
        })
      return
    }
    if var list = try? decoder.unkeyedContainer() {
      var values: [OptionValue] = []
      while !list.isAtEnd { values.append(try list.decode(OptionValue.self)) }
      self = .list(values)
      return
    }
    let single = try decoder.singleValueContainer()
    if single.decodeNil() {
      self = .none
    } else if let flag = try? single.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? single.decode(Double.self) {
      self = .number(number)
    } else {
      self = .text(try single.decode(String.self))
    }
  }

  /// Writes the value; whole numbers without a point.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .list(let values):
      var list = encoder.unkeyedContainer()
      for value in values { try list.encode(value) }
    case .map(let entries):
      var map = encoder.container(keyedBy: Name.self)
      for entry in entries { try map.encode(entry.value, forKey: Name(stringValue: entry.name)) }
    case .none, .flag, .number, .literal, .text:
      var single = encoder.singleValueContainer()
      try encodeSingle(into: &single)
    }
  }

  private func encodeSingle(into single: inout any SingleValueEncodingContainer) throws {
    switch self {
    case .flag(let value): try single.encode(value)
    case .number(let value):
      if let whole = Int(exactly: value), whole.magnitude < 1 << 53 {
        try single.encode(whole)
      } else {
        try single.encode(value)
      }
    case .literal(let digits): try single.encode(Decimal(string: digits) ?? .nan)
    case .text(let value): try single.encode(value)
    case .none, .list, .map: try single.encodeNil()
    }
  }

  /// The value that another one is written as.
  init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(OptionValue.self, from: JSONEncoder().encode(value))
  }

  /// The value of another type that is written as this one.
  func decoded<Value: Decodable>() throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(self))
  }
}
