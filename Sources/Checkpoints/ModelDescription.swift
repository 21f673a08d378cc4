/// One of the two directions of translation.
public enum Direction: String, Codable, Sendable, CaseIterable {
  /// From domain A to domain B.
  case aToB = "AB"
  /// From domain B to domain A.
  case bToA = "BA"

  /// The letter of the domain that is translated from.
  public var source: String { self == .aToB ? "A" : "B" }
  /// The letter of the domain that is translated to.
  public var target: String { self == .aToB ? "B" : "A" }
  /// What the direction's tensors are called in a model file: `generatorAB.` and the network's key.
  var prefix: String { "generator\(rawValue)." }
}

/// The architecture of a generator, enough to build it.
public struct GeneratorDescription: Codable, Hashable, Sendable {
  /// A family of architectures.
  public enum Kind: String, Codable, Sendable {
    /// Two strided convolutions, residual blocks, two transposed convolutions.
    case resnet
    /// Encoder and decoder with skip connections.
    case unet
  }

  /// A normalisation after convolutions.
  public enum Norm: String, Codable, Sendable {
    /// Each channel of each picture by itself, without parameters.
    case instance
    /// Each channel over the batch, with parameters.
    case batch
    /// None.
    case none
  }

  /// What stands around the picture where the network pads.
  public enum Padding: String, Codable, Sendable {
    /// The picture mirrored.
    case reflect
    /// Zeros.
    case zero
  }

  /// How the resolution is raised again.
  public enum Upsampling: String, Codable, Sendable {
    /// By transposed convolutions.
    case transposed
    /// By repeating pixels, then a convolution.
    case nearest
  }

  /// The family.
  public var kind: Kind
  /// Residual blocks of a ResNet; halvings of the resolution in a U-Net (8 for 256², 7 for 128²).
  public var blocks: Int
  /// Channels after the first convolution.
  public var filters: Int
  /// Channels of the pictures taken (by the generator from A to B).
  public var inputChannels: Int
  /// Channels of the pictures made (by the generator from A to B).
  public var outputChannels: Int
  /// The normalisation.
  public var norm: Norm
  /// The padding in the residual blocks of a ResNet; its ends always mirror the picture.
  public var padding: Padding
  /// The way back up.
  public var upsampling: Upsampling
  /// Whether the network holds dropout, active in training only.
  public var dropout: Bool

  /// Describes a generator; the reference's choices by default.
  public init(
    kind: Kind = .resnet, blocks: Int = 9, filters: Int = 64, inputChannels: Int = 3,
    outputChannels: Int = 3, norm: Norm = .instance, padding: Padding = .reflect,
    upsampling: Upsampling = .transposed, dropout: Bool = false
  ) {
    self.kind = kind
    self.blocks = blocks
    self.filters = filters
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.norm = norm
    self.padding = padding
    self.upsampling = upsampling
    self.dropout = dropout
  }
}

/// What a model file says about itself.
public struct ModelDescription: Codable, Equatable, Sendable {
  /// What the two domains are called, such as "summer" and "winter".
  public struct Domains: Codable, Equatable, Sendable {
    /// Domain A.
    public var a: String
    /// Domain B.
    public var b: String

    /// Names the domains.
    public init(a: String, b: String) {
      self.a = a
      self.b = b
    }
  }

  /// How pictures were prepared in training.
  public struct Preprocessing: Codable, Equatable, Sendable {
    /// Pixels per side of the crops that the networks saw.
    public var size: Int
    /// Pixels per side to which pictures were resized before the crop.
    public var loadSize: Int
    /// The values of the darkest and the brightest sample.
    public var range: [Float]

    /// Describes the preparation.
    public init(size: Int, loadSize: Int, range: [Float] = [-1, 1]) {
      self.size = size
      self.loadSize = loadSize
      self.range = range
    }
  }

  /// How the model came to be.
  public struct Training: Codable, Equatable, Sendable {
    /// Name and version of the program.
    public var program: String
    /// Training steps done.
    public var steps: Int
    /// Epochs begun.
    public var epochs: Int
    /// The seed of all randomness.
    public var seed: UInt64
    /// The options by their names on the command line.
    public var options: [String: String]

    /// Describes a training run.
    public init(
      program: String, steps: Int, epochs: Int, seed: UInt64, options: [String: String] = [:]
    ) {
      self.program = program
      self.steps = steps
      self.epochs = epochs
      self.seed = seed
      self.options = options
    }
  }

  /// The version of this description that the program writes.
  public static let currentVersion = 1

  /// The version of the description; a newer program's may be higher.
  public var version = currentVersion
  /// The domains' names.
  public var domains: Domains
  /// The generator from A to B; the other one has the channels exchanged.
  public var generator: GeneratorDescription
  /// How pictures were prepared; nil where that is not known.
  public var preprocessing: Preprocessing?
  /// How the model came to be; nil where that is not known.
  public var training: Training?

  /// Describes a model.
  public init(
    domains: Domains, generator: GeneratorDescription, preprocessing: Preprocessing? = nil,
    training: Training? = nil
  ) {
    self.domains = domains
    self.generator = generator
    self.preprocessing = preprocessing
    self.training = training
  }

  /// The generator of a direction.
  public func generator(_ direction: Direction) -> GeneratorDescription {
    direction == .aToB ? generator : generator.reversed
  }
}

extension GeneratorDescription {
  /// The generator of the way back: input and output channels exchanged.
  package var reversed: GeneratorDescription {
    var reversed = self
    (reversed.inputChannels, reversed.outputChannels) = (outputChannels, inputChannels)
    return reversed
  }
}
