import Checkpoints
import Layers

/// The architecture of a discriminator beside a generator from noise, enough to build it.
public struct CriticDescription: Codable, Hashable, Sendable {
  /// How it is made up.
  public var kind: SamplerDescription.Kind
  /// What it judges.
  public var sample: SampleShape
  /// Units of a perceptron's hidden layers; channels after the first convolution.
  public var width: Int
  /// Hidden layers of a perceptron; nothing to the other kind.
  public var layers: Int
  /// The normalisation.
  public var norm: SamplerDescription.Norm
  /// Whether weights are divided by their largest singular value.
  public var isSpectral: Bool
  /// The probability that a perceptron's hidden unit is dropped in training.
  public var dropout: Float
  /// Classes that it is told; 0 for none.
  public var classes: Int
  /// Trained numbers that stand for a class; nil for a 1 among zeros.
  public var embedding: Int?

  /// Describes a discriminator; DCGAN's choices by default.
  public init(
    kind: SamplerDescription.Kind = .convolutional, sample: SampleShape, width: Int = 64,
    layers: Int = 2, norm: SamplerDescription.Norm = .batch, isSpectral: Bool = false,
    dropout: Float = 0, classes: Int = 0, embedding: Int? = nil
  ) {
    self.kind = kind
    self.sample = sample
    self.width = width
    self.layers = layers
    self.norm = norm
    self.isSpectral = isSpectral
    self.dropout = dropout
    self.classes = classes
    self.embedding = embedding
  }

  /// Builds the network; its weights are zero until initialized or loaded.
  public func network() -> LabelledNetwork {
    let body: any Module =
      switch kind {
      case .perceptron:
        Perceptron(
          inputs: sample.count + labelChannels, outputs: 1,
          .init(
            count: layers, width: width, norm: norm, activation: .leakyReLU(slope: 0.2),
            dropout: dropout, isSpectral: isSpectral))
      case .convolutional: ConvolutionalCritic(self)
      }
    return LabelledNetwork(
      body, classes: classes, embedding: embedding, isFlat: kind == .perceptron)
  }

  /// Channels of a picture with its label beside it.
  var inputChannels: Int { sample.channels + labelChannels }

  private var labelChannels: Int { classes > 0 ? embedding ?? classes : 0 }
}
