import Tensors

/// Sums, and their adjoints, which spread a value out again.
public protocol ReductionOperations: Sendable {
}
