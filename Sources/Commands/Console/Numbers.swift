import Foundation

/// Numbers as people read them.
enum Numbers {
  /// A whole number in groups of three digits: `11,378,179`.
  static func grouped(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// Bytes in millions, `45.5 MB`, or thousands if there are few.
  static func megabytes(_ bytes: Int) -> String {
    bytes < 100_000
      ? decimal(Double(bytes) / 1e3, digits: 1) + " kB"
      : decimal(Double(bytes) / 1e6, digits: 1) + " MB"
  }

  /// A number of things: `1 picture`, `1,200 pictures`.
  static func counted(_ count: Int, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A share, 0…1, as `96.4 %`.
  static func percent(_ share: Double) -> String { decimal(100 * share, digits: 1) + " %" }

  /// A number with so many digits after the point.
  static func decimal(_ number: Double, digits: Int) -> String {
    String(format: "%.\(digits)f", number)
  }
}
