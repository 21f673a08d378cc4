import Autograd
import ConvolutionCore
import Tensors

/// A transposed convolution: the input gradient of a convolution, used forwards.
public final class ConvTranspose2D: Module {
  /// Filter of the convolution whose adjoint this is: `[output channels, KH, KW, input channels]`.
  public let weight: Parameter
  /// One per output channel; nil for none.
  public let bias: Parameter?
  private let spec: ConvolutionSpec
  private let kernel: Int
  private let outputPadding: Int

  /// Creates the layer, zeros throughout.
  ///
  /// - Parameters:
  ///   - inputChannels: Channels of the input.
  ///   - outputChannels: Channels of the output.
  ///   - kernel: Rows and columns of the filter.
  ///   - stride: By how much the picture grows.
  ///   - padding: Pixels cut off on each side.
  ///   - outputPadding: Pixels added at the lower and right side, less than `stride`.
  ///   - bias: Whether there is a bias, and whether it matters.
  public init(
    inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    outputPadding: Int = 0, bias: Bias = .trained
  ) {
    precondition(
      (0..<stride).contains(outputPadding), "output padding \(outputPadding) at stride \(stride)")
    weight = Parameter([outputChannels, kernel, kernel, inputChannels], role: .weight)
    self.bias = bias.parameter(channels: outputChannels)
    spec = ConvolutionSpec(stride: stride, padding: .zero(padding))
    self.kernel = kernel
    self.outputPadding = outputPadding
  }

  /// `weight`, and `bias` if there is one.
  public var parameters: [NamedParameter] { Filter(weight).parameters(with: bias) }

  /// Makes `[N, (H − 1)·stride − 2·padding + kernel + outputPadding, …, O]` of `[N, H, W, I]`.
  public func callAsFunction(_ x: Variable) -> Variable {
    let shape = Shape(
      batch: x.shape.batch, height: outputExtent(x.shape.height),
      width: outputExtent(x.shape.width), channels: weight.shape[0])
    return convolutionInputGradient(
      x, filter: weight.on(x.tape), bias: bias?.computed(on: x.tape), spec, inputShape: shape)
  }

  private func outputExtent(_ input: Int) -> Int {
    (input - 1) * spec.stride - 2 * spec.padding.amount + kernel + outputPadding
  }
}
