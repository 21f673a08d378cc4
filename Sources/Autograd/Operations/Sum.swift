import ConvolutionCore
import Tensors

// A sum and a repetition are each other's gradient.

extension Variable {
  /// Adds up the elements that `Broadcast` would make from one.
  ///
  /// - Parameter shape: `[]`, `[C]`, `[N, 1, 1, C]`, ….
  public func sum(to shape: Shape = []) -> Variable {
    if shape == self.shape { return self }
    let whole = self.shape
    return tape.record(
      tape.backend.sum(value, to: shape),
      (self, { dy in dy.broadcast(to: whole) }))
  }

  /// The mean of the elements that `Broadcast` would make from one.
  ///
  /// - Parameter shape: `[]` for the mean of all, `[C]`, `[N, 1, 1, C]`, ….
  public func mean(to shape: Shape = []) -> Variable {
    sum(to: shape).affine(scale: Float(Double(shape.count) / Double(value.count)))
  }

  /// Repeats elements as `Broadcast` has it.
  public func broadcast(to shape: Shape) -> Variable {
    if shape == self.shape { return self }
    let part = self.shape
    return tape.record(
      tape.backend.broadcast(value, to: shape),
      (self, { dy in dy.sum(to: part) }))
  }
}
