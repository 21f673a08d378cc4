import Autograd
import Checkpoints
import ConvolutionCore
import Layers

/// Fully connected layers, each but the last with a norm and an activation behind it.
///
/// Both networks of the first GAN are such; its maxout units have given way to (leaky) ReLU.
/// - SeeAlso: Goodfellow et al., arXiv:1406.2661.
public final class Perceptron: Module {
  /// What stands behind each hidden layer.
  struct Hidden {
    /// The layers' number.
    var count: Int
    /// Units of each.
    var width: Int
    /// The norm.
    var norm = SamplerDescription.Norm.none
    /// The activation.
    var activation = Activation.relu
    /// The probability that a unit is dropped in training; 0 for no such layer.
    var dropout: Float = 0
    /// Whether weights are divided by their largest singular value.
    var isSpectral = false
  }

  private let stages: Stages

  /// Creates the network, zeros throughout.
  init(inputs: Int, outputs: Int, _ hidden: Hidden) {
    precondition(hidden.count >= 1, "a perceptron of \(hidden.count) hidden layers")
    var stages: [any Module] = []
    // Positions in PyTorch's list: layer, (norm), activation, (dropout).
    let places = 2 + (hidden.norm == .none ? 0 : 1) + (hidden.dropout > 0 ? 1 : 0)
    for index in 0..<hidden.count {
      let layer = Linear(
        inputs: index == 0 ? inputs : hidden.width, outputs: hidden.width,
        bias: hidden.norm.biasBefore, isSpectral: hidden.isSpectral)
      stages.append(
        NormalizedLayer(
          places * index, layer, norm: hidden.norm.layer(channels: hidden.width),
          activation: hidden.activation))
      if hidden.dropout > 0 { stages.append(Dropout(probability: hidden.dropout)) }
    }
    let last = Linear(inputs: hidden.width, outputs: outputs, isSpectral: hidden.isSpectral)
    stages.append(NormalizedLayer(places * hidden.count, last))
    self.stages = Stages("model", stages)
  }

  /// With PyTorch's paths: `model.0.weight`, ….
  public var parameters: [NamedParameter] { stages.parameters }

  /// Makes `[N, 1, 1, outputs]` of anything with N · inputs elements.
  public func callAsFunction(_ x: Variable) -> Variable { stages(x) }
}

/// A perceptron that makes pictures in −1…1, or points anywhere.
public final class PerceptronGenerator: Module {
  private let perceptron: Perceptron
  private let sample: SampleShape

  /// Creates the network, zeros throughout.
  public init(_ description: SamplerDescription) {
    perceptron = Perceptron(
      inputs: description.inputs, outputs: description.sample.count,
      .init(
        count: description.layers, width: description.width, norm: description.norm,
        activation: .relu))
    sample = description.sample
  }

  /// With PyTorch's paths: `model.0.weight`, ….
  public var parameters: [NamedParameter] { perceptron.parameters }

  /// Makes `[N, size, size, channels]` of `[N, 1, 1, inputs]`.
  public func callAsFunction(_ x: Variable) -> Variable {
    let made = perceptron(x).reshaped(
      [x.shape.batch, sample.size, sample.size, sample.channels])
    return sample.isPoint ? made : made.tanh()
  }
}
