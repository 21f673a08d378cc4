import ConvolutionCore

// Sums, differences and products. The right side may be smaller: it is repeated as `Broadcast` has it.

extension Variable {
  /// a + b, element by element.
  public static func + (a: Variable, b: Variable) -> Variable {
    let part = b.shape
    return a.tape.record(
      a.tape.backend.combine(.add, a.value, b.value),
      (a, { dy in dy }),
      (b, { dy in dy.sum(to: part) }))
  }

  /// a − b, element by element.
  public static func - (a: Variable, b: Variable) -> Variable {
    let part = b.shape
    return a.tape.record(
      a.tape.backend.combine(.subtract, a.value, b.value),
      (a, { dy in dy }),
      (b, { dy in -dy.sum(to: part) }))
  }

  /// a · b, element by element.
  public static func * (a: Variable, b: Variable) -> Variable {
    a.tape.record(
      a.tape.backend.combine(.multiply, a.value, b.value),
      (a, { dy in dy * b }),
      (b, { dy in (dy * a).sum(to: b.shape) }))
  }
}
