import Foundation

/// Where the value of an option is kept in an operation.
public typealias OptionPath<Operation, Value> = any WritableKeyPath<Operation, Value> & Sendable

/// Something about an operation that can be set: its name, its bounds, how it is read and written.
public struct OperationOption<Operation>: Sendable {
  /// Its name in recipes.
  public let name: String
  /// What it is, with its unit.
  public let help: String
  /// What it may be: `a number from 0 to 1`.
  public let domain: String
  /// Whether a recipe must set it.
  public let isRequired: Bool
  /// Of one that names a file or folder, whether a path leads to one; nil for another.
  ///
  /// A recipe names what lies beside it from there, if it does lie there.
  let leads: (@Sendable (_ path: String) -> Bool)?

  /// Its value.
  let value: @Sendable (Operation) -> OptionValue
  /// Sets it, or says what is wrong with the value.
  let set: @Sendable (inout Operation, OptionValue) -> String?

  /// What is wrong with an operation's own value; nil if nothing is.
  func problem(_ operation: Operation) -> String? {
    var copy = operation
    return set(&copy, value(operation))
  }

  private init<Value>(
    _ name: String, _ path: OptionPath<Operation, Value>, help: String,
    domain: String, isRequired: Bool = false,
    leads: (@Sendable (_ path: String) -> Bool)? = nil,
    write: @escaping @Sendable (Value) -> OptionValue,
    read: @escaping @Sendable (OptionValue) -> Value?
  ) {
    self.name = name
    self.help = help
    self.domain = domain
    self.isRequired = isRequired
    self.leads = leads
    value = { write($0[keyPath: path]) }
    set = { operation, value in
      guard let value = read(value) else { return "is \(value.kind) and must be \(domain)" }
      operation[keyPath: path] = value
      return nil
    }
  }

  /// A number.
  public static func number(
    _ name: String, _ path: OptionPath<Operation, Float>,
    in bounds: ClosedRange<Float>, _ help: String
  ) -> Self {
    Self(
      name, path, help: help, domain: "a number \(Self.words(bounds))",
      write: { .number($0) }, read: { $0.number(in: bounds) })
  }

  /// A whole number.
  public static func integer(
    _ name: String, _ path: OptionPath<Operation, Int>,
    in bounds: ClosedRange<Int>, required: Bool = false, _ help: String
  ) -> Self {
    Self(
      name, path, help: help,
      domain: "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)",
      isRequired: required, write: { .number(Double($0)) }, read: { $0.integer(in: bounds) })
  }

  /// What a single number means where a range is wanted.
  public enum SingleNumber: Sendable {
    /// This number always.
    case fixed
    /// As much either way of 0.
    case aroundZero
    /// As much either way of 1, but nothing negative.
    case aroundOne
  }

  /// Two numbers between which one is drawn.
  public static func range(
    _ name: String, _ path: OptionPath<Operation, ClosedRange<Float>>,
    in bounds: ClosedRange<Float>, single: SingleNumber = .fixed, _ help: String
  ) -> Self {
    let meaning =
      switch single {
      case .fixed: "or one number"
      case .aroundZero: "or one number for as much either way of 0"
      case .aroundOne: "or one number for as much either way of 1"
      }
    return Self(
      name, path, help: help,
      domain: "two numbers \(Self.words(bounds)), the lower first, \(meaning)",
      write: { .list([.number($0.lowerBound), .number($0.upperBound)]) },
      read: { $0.range(in: bounds, single: single) })
  }

  /// Two whole numbers between which one is drawn.
  public static func integerRange(
    _ name: String, _ path: OptionPath<Operation, ClosedRange<Int>>,
    in bounds: ClosedRange<Int>, _ help: String
  ) -> Self {
    Self(
      name, path, help: help,
      domain: "two whole numbers from \(bounds.lowerBound) to \(bounds.upperBound), the lower"
        + " first, or one",
      write: { .list([.number(Double($0.lowerBound)), .number(Double($0.upperBound))]) },
      read: { $0.integerRange(in: bounds) })
  }

  /// Yes or no.
  public static func flag(
    _ name: String, _ path: OptionPath<Operation, Bool>, _ help: String
  ) -> Self {
    Self(
      name, path, help: help, domain: "true or false", write: { .flag($0) },
      read: { if case .flag(let flag) = $0 { flag } else { nil } })
  }

  /// One of some words.
  public static func choice<Word: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ path: OptionPath<Operation, Word>, _ help: String
  ) -> Self where Word.RawValue == String {
    Self(
      name, path, help: help,
      domain: "one of " + Word.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", "),
      write: { .text($0.rawValue) },
      read: { if case .text(let text) = $0 { Word(rawValue: text) } else { nil } })
  }

  /// A word or a name.
  public static func text(
    _ name: String, _ path: OptionPath<Operation, String>, _ help: String
  ) -> Self {
    Self(
      name, path, help: help, domain: "a text", write: { .text($0) }, read: \.nonEmptyText)
  }

  /// The name of a file or folder.
  ///
  /// In the file of a recipe a relative one is looked for beside it first.
  ///
  /// - Parameter leads: Whether a path leads to what is meant; where a file or folder of that name
  ///   may be something else, as what it holds tells.
  public static func path(
    _ name: String, _ path: OptionPath<Operation, String>, required: Bool = false,
    leads: @escaping @Sendable (_ path: String) -> Bool = {
      FileManager.default.fileExists(atPath: $0)
    },
    _ help: String
  ) -> Self {
    Self(
      name, path, help: help, domain: "a path", isRequired: required, leads: leads,
      write: { .text($0) }, read: \.nonEmptyText)
  }

  private static func words(_ bounds: ClosedRange<Float>) -> String {
    "from \(OptionValue.number(bounds.lowerBound).text) to"
      + " \(OptionValue.number(bounds.upperBound).text)"
  }
}

extension OptionValue {
  fileprivate var nonEmptyText: String? {
    if case .text(let text) = self, !text.isEmpty { text } else { nil }
  }

  fileprivate func number(in bounds: ClosedRange<Float>) -> Float? {
    guard case .number(let value) = self, bounds.contains(Float(value)) else { return nil }
    return Float(value)
  }

  fileprivate func integer(in bounds: ClosedRange<Int>) -> Int? {
    guard case .number(let value) = self, let whole = Int(exactly: value), bounds.contains(whole)
    else { return nil }
    return whole
  }

  fileprivate func range<Operation>(
    in bounds: ClosedRange<Float>, single: OperationOption<Operation>.SingleNumber
  ) -> ClosedRange<Float>? {
    switch self {
    case .list(let values):
      guard values.count == 2, let low = values[0].number(in: bounds),
        let high = values[1].number(in: bounds), low <= high
      else { return nil }
      return low...high
    case .number(let value):
      let value = Float(value)
      // YAML has a word for what is not a number.
      guard !value.isNaN else { return nil }
      let range: ClosedRange<Float>
      switch single {
      case .fixed: range = value...value
      case .aroundZero: range = -abs(value)...abs(value)
      case .aroundOne: range = max(0, 1 - abs(value))...(1 + abs(value))
      }
      let fits = bounds.contains(range.lowerBound) && bounds.contains(range.upperBound)
      return fits ? range : nil
    case .none, .flag, .literal, .text, .map: return nil
    }
  }

  fileprivate func integerRange(in bounds: ClosedRange<Int>) -> ClosedRange<Int>? {
    switch self {
    case .list(let values):
      guard values.count == 2, let low = values[0].integer(in: bounds),
        let high = values[1].integer(in: bounds), low <= high
      else { return nil }
      return low...high
    case .number: return integer(in: bounds).map { $0...$0 }
    case .none, .flag, .literal, .text, .map: return nil
    }
  }
}
