import Checkpoints
import Layers

/// Two networks and the game between them: all that makes one family differ from another.
public struct AdversarialModel: Codable, Hashable, Sendable {
  /// What makes samples of noise.
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
  ///   - classes: Classes that samples are asked of; a conditional family needs some.
  ///   - kind: How the networks are made up; nil for the family's own.
  public init(
    _ family: GANFamily, making sample: SampleShape, classes: Int = 0,
    kind: SamplerDescription.Kind? = nil
  ) {
    switch family {
    case .vanilla: self = .vanilla(sample)
    case .conditional: self = .conditional(sample, kind: kind ?? .perceptron)
    case .dcgan: self = .dcgan(sample)
    case .wgan: self = .wgan(sample)
    case .wganGP: self = .wganGP(sample)
    }
    generator.classes = classes
    discriminator.classes = classes
  }
}
