import ArgumentParser

/// Checks of numbers on the command line; what they refuse is wrong usage.
enum Check {
  /// Refuses a number below the least one that makes sense.
  static func atLeast<Number: Comparable>(
    _ least: Number, _ value: Number, _ option: String
  ) throws {
    guard value >= least else {
      throw ValidationError("\(option) is \(value) and must be at least \(least).")
    }
  }

  /// Refuses a number outside a range.
  static func within<Number: Comparable>(
    _ range: ClosedRange<Number>, _ value: Number, _ option: String
  ) throws {
    guard range.contains(value) else {
      throw ValidationError(
        "\(option) is \(value) and must be from \(range.lowerBound) to \(range.upperBound).")
    }
  }
}
