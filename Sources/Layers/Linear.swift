import Autograd
import ConvolutionCore
import Tensors

/// A fully connected layer: a 1×1 convolution over one pixel.
public final class Linear: Module {
  /// `[I, O]`.
  public let weight: Parameter
  /// `[O]`; nil for none.
  public let bias: Parameter?
  private let filter: Filter

  /// Creates the layer, zeros throughout.
  ///
  /// - Parameters:
  ///   - inputs: Numbers taken of each example.
  ///   - outputs: Numbers made.
  ///   - bias: Whether there is a bias, and whether it matters.
  ///   - isSpectral: Whether the weight is divided by its largest singular value.
  public init(inputs: Int, outputs: Int, bias: Bias = .trained, isSpectral: Bool = false) {
    weight = Parameter([inputs, outputs], role: .weight)
    self.bias = bias.parameter(channels: outputs)
    filter = Filter(weight, isSpectral: isSpectral)
  }

  /// `weight`, and `bias` if there is one.
  public var parameters: [NamedParameter] { filter.parameters(with: bias) }

  /// Makes `[N, 1, 1, O]` of anything with N·I elements.
  public func callAsFunction(_ x: Variable) -> Variable {
    let pixels = x.reshaped([x.shape[0], 1, 1, x.shape.count / x.shape[0]])
    let weight = filter.on(x.tape)
    return convolution(
      pixels, filter: weight.reshaped([weight.shape[0], 1, 1, weight.shape[1]]),
      bias: bias?.computed(on: x.tape), ConvolutionSpec())
  }
}
