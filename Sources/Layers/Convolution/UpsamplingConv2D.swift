import Autograd
import ConvolutionCore

/// Doubles the resolution by repeating pixels, then convolves: no checkerboard patterns.
///
/// - SeeAlso: Odena et al., doi:10.23915/distill.00003.
public final class UpsamplingConv2D: Module {
  private let convolution: Conv2D

  /// Creates the layer, zeros throughout; 3×3, the picture mirrored around itself.
  public init(inputChannels: Int, outputChannels: Int, bias: Bias = .trained) {
    convolution = Conv2D(
      inputChannels: inputChannels, outputChannels: outputChannels, kernel: 3,
      padding: .reflect(1), bias: bias)
  }

  /// Those of the convolution.
  public var parameters: [NamedParameter] { convolution.parameters }

  /// Makes `[N, 2·H, 2·W, O]` of `[N, H, W, I]`.
  public func callAsFunction(_ x: Variable) -> Variable { convolution(x.upsampled(by: 2)) }
}
