import Autograd
import Checkpoints
import ConvolutionCore
import Layers

/// Strided convolutions from a picture to one judgement, halving the resolution each time.
///
/// - SeeAlso: Radford et al., arXiv:1511.06434.
public final class ConvolutionalCritic: Module {
  private let stages: Stages

  /// Creates the network, zeros throughout; traps unless the size is 4 · 2ⁿ or 7 · 2ⁿ.
  public init(_ description: CriticDescription) {
    let sample = description.sample, norm = description.norm
    guard let (base, halvings) = sample.doublings else {
      preconditionFailure("strided convolutions do not lead from \(sample.size) pixels to one")
    }
    let activation = Activation.leakyReLU(slope: 0.2)
    func convolution(_ inputs: Int, _ outputs: Int) -> Conv2D {
      Conv2D(
        inputChannels: inputs, outputChannels: outputs, kernel: 4, stride: 2, padding: .zero(1),
        bias: norm.biasBefore, isSpectral: description.isSpectral)
    }
    var channels = description.width
    var stages: [any Module] = [
      NormalizedLayer(0, convolution(description.inputChannels, channels), activation: activation)
    ]
    // Positions in PyTorch's list: convolution, (norm), activation.
    let places = norm == .none ? 2 : 3
    for halving in 1..<halvings {
      let wider = description.width << min(3, halving)
      stages.append(
        NormalizedLayer(
          2 + places * (halving - 1), convolution(channels, wider),
          norm: norm.layer(channels: wider), activation: activation))
      channels = wider
    }
    let last = Conv2D(
      inputChannels: channels, outputChannels: 1, kernel: base, bias: norm.biasBefore,
      isSpectral: description.isSpectral)
    stages.append(NormalizedLayer(2 + places * (halvings - 1), last))
    self.stages = Stages("main", stages)
  }

  /// With the paths of PyTorch's example: `main.0.weight`, `main.2.weight`, ….
  public var parameters: [NamedParameter] { stages.parameters }

  /// Judges pictures `[N, size, size, channels]`: one number each, `[N, 1, 1, 1]`.
  public func callAsFunction(_ x: Variable) -> Variable { stages(x) }
}
