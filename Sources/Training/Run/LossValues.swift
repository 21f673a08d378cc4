/// The losses of a step, or means of several steps', by name and in the order of their showing.
public struct LossValues: Equatable, Sendable {
  /// Names and values.
  public private(set) var named: [(name: String, value: Float)]

  /// Collects losses.
  public init(_ named: [(name: String, value: Float)] = []) { self.named = named }

  /// The loss of a name; nil if there is none.
  public subscript(name: String) -> Float? { named.first { $0.name == name }?.value }

  /// Each loss combined with its fellow; those without one stay.
  func combined(with other: LossValues, _ combine: (Float, Float) -> Float) -> LossValues {
    LossValues(
      named.map { name, value in (name, other[name].map { combine(value, $0) } ?? value) })
  }

  /// The first loss that is infinite or not a number.
  var firstNonFinite: (name: String, value: Float)? { named.first { !$0.value.isFinite } }

  /// Same losses in the same order.
  public static func == (left: LossValues, right: LossValues) -> Bool {
    left.named.elementsEqual(right.named, by: ==)
  }
}

/// An object with a key for each loss.
extension LossValues: Codable {
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
  }

  /// Reads an object; its order is lost, so names are sorted.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    let keys = container.allKeys.sorted { $0.stringValue < $1.stringValue }
    named = try keys.map { ($0.stringValue, try container.decode(Float.self, forKey: $0)) }
  }

  /// Writes an object.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for (name, value) in named { try container.encode(value, forKey: Name(stringValue: name)) }
  }
}

/// Adds up losses for a mean; part of the checkpoint, so that a resumed run reports the same.
struct LossSum: Codable, Equatable, Sendable {
  private var sum = LossValues()
  private(set) var count = 0

  mutating func add(_ losses: LossValues) {
    sum = count == 0 ? losses : losses.combined(with: sum) { $1 + $0 }
    count += 1
  }

  var mean: LossValues { sum.combined(with: sum) { total, _ in total / Float(max(count, 1)) } }
}

/// A mean in which the last few dozen steps count, for a display that does not flicker.
struct SmoothLosses {
  private var mean: LossValues?

  mutating func add(_ losses: LossValues) -> LossValues {
    let next = mean?.combined(with: losses) { 0.95 * $0 + 0.05 * $1 } ?? losses
    mean = next
    return next
  }
}
