import Autograd
import ConvolutionCore
import Layers

/// Judges overlapping patches of a picture: large where they look real.
///
/// - SeeAlso: Isola et al., arXiv:1611.07004.
public final class PatchGANDiscriminator: Module {
  private let stages: Stages

  /// Creates the network, zeros throughout.
  public init(_ description: DiscriminatorDescription) {
    precondition(description.layers >= 1, "a PatchGAN of \(description.layers) layers")
    let norm = description.norm, filters = description.filters
    let isSpectral = description.isSpectral
    let first = Conv2D(
      inputChannels: description.inputChannels, outputChannels: filters, kernel: 4, stride: 2,
      padding: .zero(1), isSpectral: isSpectral)
    var stages = [NormalizedLayer(0, first, activation: .leakyReLU(slope: 0.2))]

    var channels = filters
    for layer in 1...description.layers {
      let wider = filters * min(1 << layer, 8)
      let convolution = Conv2D(
        inputChannels: channels, outputChannels: wider, kernel: 4,
        stride: layer == description.layers ? 1 : 2, padding: .zero(1),
        bias: norm.biasBefore, isSpectral: isSpectral)
      stages.append(
        NormalizedLayer(
          3 * layer - 1, convolution, norm: norm.layer(channels: wider),
          activation: .leakyReLU(slope: 0.2)))
      channels = wider
    }
    let last = Conv2D(
      inputChannels: channels, outputChannels: 1, kernel: 4, padding: .zero(1),
      isSpectral: isSpectral)
    stages.append(NormalizedLayer(3 * description.layers + 2, last))
    self.stages = Stages("model", stages)
  }

  /// With the reference's paths: `model.0.weight`, `model.2.weight`, ….
  public var parameters: [NamedParameter] { stages.parameters }

  /// Judges pictures `[N, H, W, C]`: one number per patch, of any size and sign.
  public func callAsFunction(_ x: Variable) -> Variable { stages(x) }
}
