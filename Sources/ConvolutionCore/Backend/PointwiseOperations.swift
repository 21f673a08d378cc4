import Tensors

/// Operations on each element by itself.
public protocol PointwiseOperations: Sendable {
}
