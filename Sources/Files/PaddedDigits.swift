extension BinaryInteger {
  /// The digits of a number that is not below zero, with zeros before them: `00042`.
  ///
  /// - Parameters:
  ///   - count: How many there are at least.
  ///   - radix: 10 for decimal ones, 16 for hexadecimal ones.
  package func digits(atLeast count: Int, radix: Int = 10) -> String {
    let digits = String(self, radix: radix)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }
}
