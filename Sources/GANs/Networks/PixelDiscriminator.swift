import Autograd
import ConvolutionCore
import Layers

/// Judges each pixel by its colour alone.
///
/// - SeeAlso: Isola et al., arXiv:1611.07004.
public final class PixelDiscriminator: Module {
  private let stages: Stages

  /// Creates the network, zeros throughout.
  public init(_ description: DiscriminatorDescription) {
    let norm = description.norm, filters = description.filters
    let isSpectral = description.isSpectral
    let first = Conv2D(
      inputChannels: description.inputChannels, outputChannels: filters, kernel: 1,
      isSpectral: isSpectral)
    let second = Conv2D(
      inputChannels: filters, outputChannels: 2 * filters, kernel: 1, bias: norm.biasBefore,
      isSpectral: isSpectral)
    let last = Conv2D(
      inputChannels: 2 * filters, outputChannels: 1, kernel: 1, bias: norm.biasWithout,
      isSpectral: isSpectral)
    stages = Stages(
      "net",
      [
        NormalizedLayer(0, first, activation: .leakyReLU(slope: 0.2)),
        NormalizedLayer(
          2, second, norm: norm.layer(channels: 2 * filters), activation: .leakyReLU(slope: 0.2)),
        NormalizedLayer(5, last),
      ])
  }

  /// With the reference's paths: `net.0.weight`, `net.2.weight`, `net.5.weight`.
  public var parameters: [NamedParameter] { stages.parameters }

  /// Judges pictures `[N, H, W, C]`: one number per pixel, of any size and sign.
  public func callAsFunction(_ x: Variable) -> Variable { stages(x) }
}
