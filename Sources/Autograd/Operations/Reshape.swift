import Tensors

extension Variable {
  /// The same elements under another shape of equal count.
  public func reshaped(_ shape: Shape) -> Variable {
    let original = self.shape
    return tape.record(value.reshaped(shape), (self, { dy in dy.reshaped(original) }))
  }

  /// Each pixel of `[N, H, W, C]` as a square of `factor`² equal pixels.
  ///
  /// - Returns: `[N, factor·H, factor·W, C]`.
  public func upsampled(by factor: Int) -> Variable {
    let (n, h, w, c) = (shape.batch, shape.height, shape.width, shape.channels)
    let columns = reshaped([n * h * w, 1, c]).broadcast(to: [n * h * w, factor, c])
    let rows = columns.reshaped([n * h, 1, w * factor * c])
    return rows.broadcast(to: [n * h, factor, w * factor * c])
      .reshaped([n, h * factor, w * factor, c])
  }
}
