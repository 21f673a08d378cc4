/// Tables that say which level replaces each of the 256.
enum LevelTable {
  /// The table of a function, rounded and clamped.
  static func table(_ function: (Float) -> Float) -> [UInt8] {
    (0..<256).map { level(function(Float($0))) }
  }

  /// The nearest level; 0 for what is not a number.
  static func level(_ value: Float) -> UInt8 {
    value > 0 ? UInt8(min(value, 255).rounded()) : 0
  }
}
