import Autograd
import ConvolutionCore
import Tensors

/// A fully connected layer: a 1×1 convolution over a row of pixels, one for each example.
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

  /// Makes `[N, 1, 1, O]` of `[N, …]` with I elements an example.
  public func callAsFunction(_ x: Variable) -> Variable {
    let weight = filter.on(x.tape), examples = x.shape[0]
    // Pixels of one picture share the kernels' tiles; pictures of one pixel each would not.
    let y = convolution(
      x.reshaped([1, 1, examples, x.shape.count / examples]),
      filter: weight.reshaped([weight.shape[0], 1, 1, weight.shape[1]]),
      bias: bias?.computed(on: x.tape), ConvolutionSpec())
    return y.reshaped([examples, 1, 1, y.shape.channels])
  }
}
