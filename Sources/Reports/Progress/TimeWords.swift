/// Spans of time as people write them: `45 s`, `12 min`, `2 h 5 min`, `3 d 4 h`.
public enum TimeWords {
  /// A span in words, in at most two units.
  ///
  /// - Parameter seconds: Any number; what is negative counts as none, what is not finite as
  ///   unknown.
  public static func spell(seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e15 else { return "unknown" }
    if seconds < 0.0005 { return "0 s" }
    if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
    if seconds < 9.95 { return "\(Numbers.decimal(seconds, digits: 1)) s" }
    if seconds < 59.5 { return "\(Int(seconds.rounded())) s" }
    let whole = Int(seconds.rounded())
    if whole < 600 { return two(whole / 60, "min", whole % 60, "s") }
    let minutes = Int((seconds / 60).rounded())
    if minutes < 60 { return "\(minutes) min" }
    let hours = minutes / 60
    if hours < 24 { return two(hours, "h", minutes % 60, "min") }
    let wholeHours = Int((seconds / 3600).rounded())
    return two(wholeHours / 24, "d", wholeHours % 24, "h")
  }

  /// The seconds that a span stands for: `90s`, `45min`, `8h`, `1h30m`, `2 d`.
  ///
  /// - Returns: nil for what is no span of time, or none that a person would wait for.
  public static func parse(_ text: String) -> Double? {
    var rest = Substring(text.lowercased()).filter { !$0.isWhitespace }[...]
    var total = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isNumber || $0 == "." }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let number = Double(digits), let factor = units[String(unit)] else { return nil }
      total += number * factor
    }
    return sensible.contains(total) ? total : nil
  }

  /// From a millisecond to ten years.
  private static let sensible = 0.001...10 * 366 * 86400

  private static let units: [String: Double] = [
    "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400,
  ]

  private static func two(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String)
    -> String
  {
    small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
  }
}
