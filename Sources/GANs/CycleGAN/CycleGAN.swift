import Checkpoints
import Layers

/// The four networks of an unpaired translation.
///
/// - SeeAlso: Zhu et al., arXiv:1703.10593.
public final class CycleGAN {
  /// The architecture of the generator from A to B.
  public let generator: GeneratorDescription
  /// The architecture of the discriminators, but for their input channels.
  public let discriminator: DiscriminatorDescription
  /// Translates A to B.
  public let generatorAB: any Module
  /// Translates B to A.
  public let generatorBA: any Module
  /// Tells real pictures of A from fakes.
  public let discriminatorA: any Module
  /// Tells real pictures of B from fakes.
  public let discriminatorB: any Module

  /// Builds the networks, zeros throughout.
  ///
  /// - Parameters:
  ///   - generator: The generator from A to B; the other one's channels are exchanged.
  ///   - discriminator: Both discriminators; their input channels follow the generators.
  public init(generator: GeneratorDescription, discriminator: DiscriminatorDescription) {
    self.generator = generator
    self.discriminator = discriminator
    let generators = GeneratorPair(generator)
    var judgeA = discriminator, judgeB = discriminator
    judgeA.inputChannels = generator.inputChannels
    judgeB.inputChannels = generator.outputChannels
    generatorAB = generators.aToB
    generatorBA = generators.bToA
    discriminatorA = judgeA.network()
    discriminatorB = judgeB.network()
  }

  /// Both generators.
  public var generators: GeneratorPair { GeneratorPair(aToB: generatorAB, bToA: generatorBA) }

  /// The networks and their names, as paths begin with them.
  public var networks: [(name: String, network: any Module)] {
    [
      ("generatorAB", generatorAB), ("generatorBA", generatorBA),
      ("discriminatorA", discriminatorA), ("discriminatorB", discriminatorB),
    ]
  }

  /// Both generators' parameters: `generatorAB.model.1.weight`, ….
  public var generatorParameters: [NamedParameter] { Self.parameters(of: networks.prefix(2)) }

  /// Both discriminators' parameters: `discriminatorA.model.0.weight`, ….
  public var discriminatorParameters: [NamedParameter] { Self.parameters(of: networks.suffix(2)) }

  /// Draws the first weights of a training, N(0, gain).
  public func initialize(seed: UInt64, gain: Float = 0.02) {
    for (name, network) in networks { network.initialize(seed: seed, name: name, gain: gain) }
  }

  private static func parameters(of networks: ArraySlice<(name: String, network: any Module)>)
    -> [NamedParameter]
  {
    networks.flatMap { name, network in network.parameters.map { $0.inside(name) } }
  }
}
