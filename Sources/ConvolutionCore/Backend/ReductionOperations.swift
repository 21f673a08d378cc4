import Tensors

/// Sums, and their adjoints, which spread a value out again.
public protocol ReductionOperations: Sendable {
  /// Adds up the elements that `Broadcast` would make from one; the adjoint of `broadcast`.
  ///
  /// Accumulates in double precision, in an order that depends on the shape alone.
  /// - Parameter shape: A shape that spreads over that of `x`: `[]`, `[C]`, `[N, 1, 1, C]`, ….
  func sum(_ x: Tensor, to shape: Shape) -> Tensor

  /// Repeats elements as `Broadcast` has it.
  ///
  /// - Parameter shape: A shape over which that of `x` spreads.
  func broadcast(_ x: Tensor, to shape: Shape) -> Tensor
}
