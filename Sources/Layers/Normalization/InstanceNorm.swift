import Autograd
import ConvolutionCore

/// Normalizes each channel of each picture over its pixels, without scale and shift; the same in
/// training and use.
///
/// - SeeAlso: Ulyanov et al., arXiv:1607.08022.
public final class InstanceNorm: Normalization {
  /// Added to the variance.
  package static let epsilon: Float = 1e-5

  /// Creates the layer.
  public init() {}

  /// None.
  public var parameters: [NamedParameter] { [] }

  /// activation(norm(x)) + residual.
  public func callAsFunction(_ x: Variable, activation: Activation, residual: Variable?)
    -> Variable
  {
    instanceNorm(x, epsilon: Self.epsilon, activation: activation, residual: residual).output
  }
}
