import Autograd
import Checkpoints
import ConvolutionCore
import Layers

/// Transposed convolutions from one pixel of noise to a picture, doubling the resolution each time.
///
/// - SeeAlso: Radford et al., arXiv:1511.06434.
public final class ConvolutionalGenerator: Module {
  private let stages: Stages

  /// Creates the network, zeros throughout; traps unless the size is 4 · 2ⁿ or 7 · 2ⁿ.
  public init(_ description: SamplerDescription) {
    let sample = description.sample, norm = description.norm
    guard let (base, doublings) = sample.doublings else {
      preconditionFailure("transposed convolutions do not lead to \(sample.size) pixels")
    }
    // Half as many channels at each doubling, and eight times the width at most.
    func channels(_ doubling: Int) -> Int {
      description.width << min(3, doublings - 1 - doubling)
    }
    let first = ConvTranspose2D(
      inputChannels: description.inputs, outputChannels: channels(0), kernel: base,
      bias: norm.biasBefore)
    var stages: [any Module] = [
      NormalizedLayer(0, first, norm: norm.layer(channels: channels(0)), activation: .relu)
    ]
    for doubling in 1..<doublings {
      let layer = ConvTranspose2D(
        inputChannels: channels(doubling - 1), outputChannels: channels(doubling), kernel: 4,
        stride: 2, padding: 1, bias: norm.biasBefore)
      stages.append(
        NormalizedLayer(
          3 * doubling, layer, norm: norm.layer(channels: channels(doubling)), activation: .relu))
    }
    let last = ConvTranspose2D(
      inputChannels: description.width, outputChannels: sample.channels, kernel: 4, stride: 2,
      padding: 1, bias: norm.biasBefore)
    self.stages = Stages(
      "main", stages + [NormalizedLayer(3 * doublings, last), Activated(.tanh)])
  }

  /// With the paths of PyTorch's example: `main.0.weight`, `main.1.weight`, ….
  public var parameters: [NamedParameter] { stages.parameters }

  /// Makes `[N, size, size, channels]` in −1…1 of `[N, 1, 1, inputs]`.
  public func callAsFunction(_ x: Variable) -> Variable { stages(x) }
}
