import Checkpoints
import Layers

/// Two networks and the game between them: all that makes one family differ from another.
public struct AdversarialModel: Codable, Hashable, Sendable {
  /// What makes samples from noise.
  public var generator: SamplerDescription
  /// What tells them from real ones.
  public var discriminator: CriticDescription
  /// The game.
  public var options: AdversarialOptions

  /// Combines the three.
  public init(
    generator: SamplerDescription, discriminator: CriticDescription, options: AdversarialOptions
  ) {
    self.generator = generator
    self.discriminator = discriminator
    self.options = options
  }

  /// A family with the numbers of its paper.
  ///
  /// - Parameters:
  ///   - family: Which.
  ///   - sample: What is to be made.
  ///   - classes: Classes that samples are asked of; 0 for none.
  ///   - kind: How the networks are made up; nil for the family's own.
  public init(
    _ family: GANFamily, making sample: SampleShape, classes: Int = 0,
    kind: SamplerDescription.Kind? = nil
  ) {
    let networks: AdversarialModel =
      switch kind ?? family.kind(making: sample) {
      case .perceptron: .vanilla(sample)
      case .convolutional: .dcgan(sample)
      }
    let model =
      switch family {
      case .vanilla, .conditional, .dcgan: networks
      case .wgan: networks.wgan
      case .wganGP: networks.wganGP
      }
    self = model.conditional(onClasses: classes)
  }
}

extension GANFamily {
  /// How the paper's networks are made up; critics of points are perceptrons there, too.
  fileprivate func kind(making sample: SampleShape) -> SamplerDescription.Kind {
    switch self {
    case .vanilla, .conditional: .perceptron
    case .dcgan: .convolutional
    case .wgan, .wganGP: sample.isPoint ? .perceptron : .convolutional
    }
  }
}
