import Autograd
import ConvolutionCore
import Tensors

/// Normalizes each picture over all its pixels and channels; the same in training and use.
///
/// A critic whose gradient is penalised needs a norm that keeps the pictures of a batch apart.
/// - SeeAlso: Ba et al., arXiv:1607.06450; Gulrajani et al., arXiv:1704.00028.
public final class LayerNorm: Normalization {
  private let scale: Parameter
  private let shift: Parameter
  private let epsilon: Float

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - channels: Channels of the input; each has a scale and a shift.
  ///   - epsilon: Added to the variance.
  public init(channels: Int, epsilon: Float = 1e-5) {
    scale = Parameter([channels], role: .scale)
    shift = Parameter([channels], role: .shift)
    self.epsilon = epsilon
  }

  /// `weight` and `bias`.
  public var parameters: [NamedParameter] {
    [NamedParameter("weight", scale), NamedParameter("bias", shift)]
  }

  /// activation(norm(x)) + residual.
  public func callAsFunction(_ x: Variable, activation: Activation, residual: Variable?)
    -> Variable
  {
    let perPicture: Shape = [x.shape.batch, 1, 1, 1]
    let centred = x - x.mean(to: perPicture)
    let variance = centred.squared().mean(to: perPicture)
    let normal = centred * (variance + epsilon).squareRoot().map(.reciprocal)
    let y = (normal * scale.on(x.tape) + shift.on(x.tape)).activated(activation)
    return residual.map { y + $0 } ?? y
  }
}
