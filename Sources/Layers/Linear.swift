import Autograd
import ConvolutionCore
import Tensors

/// A fully connected layer: a 1×1 convolution over one pixel.
public final class Linear: Module {
  /// `[I, 1, 1, O]`.
  public let weight: Parameter
  /// `[O]`; nil for none.
  public let bias: Parameter?

  /// Creates the layer, zeros throughout.
  public init(inputs: Int, outputs: Int, bias: Bias = .trained) {
    weight = Parameter([inputs, 1, 1, outputs], role: .weight)
    self.bias = bias.parameter(channels: outputs)
  }

  /// `weight`, and `bias` if there is one.
  public var parameters: [NamedParameter] { .filter(weight, bias) }

  /// Makes `[N, 1, 1, O]` of anything with N·I elements.
  public func callAsFunction(_ x: Variable) -> Variable {
    let pixels = x.reshaped([x.shape[0], 1, 1, x.shape.count / x.shape[0]])
    return convolution(
      pixels, filter: weight.on(x.tape), bias: bias?.computed(on: x.tape), ConvolutionSpec())
  }
}
