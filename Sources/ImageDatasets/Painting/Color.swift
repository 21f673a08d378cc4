/// Red, green, blue in 0…1, as displayed (sRGB); values above 1 are clipped at the very end.
typealias Color = SIMD3<Float>

extension Color {
  /// From red, green, blue.
  static func rgb(_ red: Float, _ green: Float, _ blue: Float) -> Color { Color(red, green, blue) }

  /// Luma of the colour, by the weights of ITU-R BT.601.
  var luma: Float { 0.299 * x + 0.587 * y + 0.114 * z }

  /// The colour moved towards its own grey: 0 leaves it, 1 makes it grey.
  func desaturated(by amount: Float) -> Color { mix(self, Color(repeating: luma), amount) }
}

/// Goes from one colour to another as `amount` goes from 0 to 1.
@inline(__always)
func mix(_ from: Color, _ to: Color, _ amount: Float) -> Color { from + (to - from) * amount }

/// Goes from one number to another as `amount` goes from 0 to 1.
@inline(__always)
func mix(_ from: Float, _ to: Float, _ amount: Float) -> Float { from + (to - from) * amount }

/// The number, limited to 0…1.
@inline(__always)
func clamped(_ x: Float) -> Float { min(max(x, 0), 1) }

/// 0 up to `low`, 1 from `high` on, a smooth cubic between.
@inline(__always)
func smoothstep(_ low: Float, _ high: Float, _ x: Float) -> Float {
  let t = clamped((x - low) / (high - low))
  return t * t * (3 - 2 * t)
}
