import Foundation

/// Numbers as people read them.
package enum Numbers {
  /// A whole number in groups of three digits: `11,378,179`.
  package static func grouped(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// Bytes in millions, `45.5 MB`, or thousands if there are few.
  package static func megabytes(_ bytes: Int) -> String {
    bytes < 100_000
      ? decimal(Double(bytes) / 1e3, digits: 1) + " kB"
      : decimal(Double(bytes) / 1e6, digits: 1) + " MB"
  }

  /// A number of things: `1 picture`, `1,200 pictures`.
  package static func counted(_ count: Int, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A share, 0…1, as `96.4 %`.
  package static func percent(_ share: Double) -> String { decimal(100 * share, digits: 1) + " %" }

  /// A number with so many digits after the point.
  package static func decimal(_ number: Double, digits: Int) -> String {
    let text = String(format: "%.\(digits)f", number)
    // What is rounded to nothing has no sign.
    return text.hasPrefix("-") && number.isFinite && !text.contains(where: { "1"..."9" ~= $0 })
      ? String(text.dropFirst()) : text
  }
}
