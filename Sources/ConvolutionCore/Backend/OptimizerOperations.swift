import Tensors

/// Updates of parameters in place.
public protocol OptimizerOperations: Sendable {
}
