import Tensors

/// Every operation by its definition, accumulated in double precision: slow and obviously right.
///
/// It is the measure for the fast backends and what small tests run on.
public struct ReferenceBackend: Backend {
  /// Creates the backend; it has no state.
  public init() {}

  /// Names the backend.
  public var description: String { "reference, double precision, 1 thread" }

  /// See `Backend.concurrently`: one after the other.
  public func concurrently(_ first: (any Backend) -> Void, _ second: (any Backend) -> Void) {
    first(self)
    second(self)
  }
}

extension Tensor {
  /// Rounds double-precision results to a tensor.
  init(_ shape: Shape, rounding values: [Double]) {
    self.init(shape, values.map { Float($0) })
  }

  /// The elements in double precision.
  var doubles: [Double] { values.map { Double($0) } }
}
