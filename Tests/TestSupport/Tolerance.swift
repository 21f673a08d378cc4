import Tensors

/// How far two results may lie apart, and why.
package struct Tolerance: Sendable {
  let relative: Float
  let reason: String

  /// A fraction of the largest expected magnitude.
  package static func relative(_ fraction: Float, because reason: String) -> Tolerance {
    Tolerance(relative: fraction, reason: reason)
  }
}

/// Two tensors that should have been equal.
package struct Mismatch: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Throws unless the shapes are equal and each element lies within the tolerance.
package func requireClose(
  _ actual: Tensor, _ expected: Tensor, _ tolerance: Tolerance, _ what: String = "tensor"
) throws {
  guard actual.shape == expected.shape else {
    throw Mismatch("\(what): shape \(actual.shape) instead of \(expected.shape)")
  }
  let scale = expected.values.reduce(0) { max($0, abs($1)) }
  let errors = zip(actual.values, expected.values).map { abs($0 - $1) }
  // A NaN is larger than every limit: compare so that it fails.
  guard let worst = errors.firstIndex(where: { !($0 <= tolerance.relative * scale) }) else {
    return
  }
  throw Mismatch(
    """
    \(what): element \(worst) of \(actual.shape) is \(actual[worst]) instead of \
    \(expected[worst]); largest error \(errors.max() ?? 0), allowed \(tolerance.relative) of \
    \(scale) (\(tolerance.reason))
    """)
}
