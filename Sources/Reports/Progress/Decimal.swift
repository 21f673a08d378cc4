/// A number with so many digits after the point.
func decimal(_ value: Double, digits: Int) -> String {
  let scale = (0..<digits).reduce(1) { power, _ in 10 * power }
  let scaled = Int((abs(value) * Double(scale)).rounded())
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard digits > 0 else { return "\(sign)\(scaled)" }
  let fraction = String(scaled % scale)
  let zeros = String(repeating: "0", count: digits - fraction.count)
  return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
}
