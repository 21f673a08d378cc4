import Autograd
import ConvolutionCore

/// Normalizes each channel of each picture over its pixels; the same in training and use.
///
/// - SeeAlso: Ulyanov et al., arXiv:1607.08022.
public final class InstanceNorm: Normalization {
  private let scale: Parameter?
  private let shift: Parameter?
  private let epsilon: Float

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - channels: Channels of the input.
  ///   - affine: Whether a trained scale and shift follow.
  ///   - epsilon: Added to the variance.
  public init(channels: Int, affine: Bool = false, epsilon: Float = 1e-5) {
    scale = affine ? Parameter([channels], role: .scale) : nil
    shift = affine ? Parameter([channels], role: .shift) : nil
    self.epsilon = epsilon
  }

  /// `weight` and `bias` if affine.
  public var parameters: [NamedParameter] {
    guard let scale, let shift else { return [] }
    return [NamedParameter("weight", scale), NamedParameter("bias", shift)]
  }

  /// activation(norm(x)) + residual.
  public func callAsFunction(_ x: Variable, activation: Activation, residual: Variable?)
    -> Variable
  {
    instanceNorm(
      x, epsilon: epsilon, scale: scale?.on(x.tape), shift: shift?.on(x.tape),
      activation: activation, residual: residual
    ).output
  }
}
