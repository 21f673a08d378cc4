import ConvolutionCore

extension Variable {
  /// scale · x + shift, element by element.
  public func affine(scale: Float, shift: Float = 0) -> Variable {
    tape.record(
      tape.backend.affine(value, scale: scale, shift: shift),
      (self, { dy in dy.affine(scale: scale) }))
  }

  /// −x.
  public static prefix func - (x: Variable) -> Variable { x.affine(scale: -1) }

  /// Scales each element.
  public static func * (scale: Float, x: Variable) -> Variable { x.affine(scale: scale) }

  /// Adds a number to each element.
  public static func + (x: Variable, shift: Float) -> Variable { x.affine(scale: 1, shift: shift) }

  /// Subtracts a number from each element.
  public static func - (x: Variable, shift: Float) -> Variable { x.affine(scale: 1, shift: -shift) }

  /// Subtracts each element from a number.
  public static func - (shift: Float, x: Variable) -> Variable { x.affine(scale: -1, shift: shift) }
}
