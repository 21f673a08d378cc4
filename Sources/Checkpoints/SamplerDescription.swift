/// A family of networks that make pictures, or points of the plane, from noise.
public enum GANFamily: String, Codable, CaseIterable, Sendable {
  /// Multi-layer perceptrons and cross-entropy; Goodfellow et al., arXiv:1406.2661.
  case vanilla
  /// The label enters both networks; Mirza and Osindero, arXiv:1411.1784.
  case conditional
  /// Strided convolutions and batch norm; Radford et al., arXiv:1511.06434.
  case dcgan
  /// A critic whose weights are clipped; Arjovsky et al., arXiv:1701.07875.
  case wgan
  /// A critic whose slope is penalised; Gulrajani et al., arXiv:1704.00028.
  case wganGP = "wgan-gp"
}

/// What is made and judged: square pictures, or points of the plane.
public struct SampleShape: Codable, Hashable, Sendable {
  /// Pixels per side; 1 for points.
  public var size: Int
  /// Channels of a picture; the coordinates of a point.
  public var channels: Int

  /// Describes pictures.
  public init(size: Int, channels: Int) {
    self.size = size
    self.channels = channels
  }

  /// Points of the plane, as pictures of one pixel.
  public static let point = SampleShape(size: 1, channels: 2)

  /// Whether these are points.
  public var isPoint: Bool { self == .point }

  /// Numbers of a sample.
  public var count: Int { size * size * channels }

  /// The pixels per side that doubling starts from, 4 or 7, and how many doublings lead to `size`;
  /// nil if neither 4 · 2ⁿ nor 7 · 2ⁿ is `size`, with n from 1 on.
  public var doublings: (from: Int, count: Int)? {
    for base in [4, 7] where size > base && size % base == 0 {
      let factor = size / base
      if factor & (factor - 1) == 0 { return (base, factor.trailingZeroBitCount) }
    }
    return nil
  }
}

/// The architecture of a generator that makes samples from noise, enough to build it.
public struct SamplerDescription: Codable, Hashable, Sendable {
  /// How a network is made up.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Fully connected layers.
    case perceptron
    /// Transposed convolutions, and strided ones in the discriminator.
    case convolutional
  }

  /// Where the noise comes from.
  public enum Noise: String, Codable, CaseIterable, Sendable {
    /// N(0, 1).
    case normal
    /// Even over −1…1.
    case uniform
  }

  /// A normalisation behind inner layers.
  public enum Norm: String, Codable, CaseIterable, Sendable {
    /// None.
    case none
    /// Each channel over the batch, with parameters.
    case batch
    /// Each channel of each picture by itself, without parameters.
    case instance
    /// Each picture over all its channels, with parameters.
    case layer
  }

  /// How it is made up.
  public var kind: Kind
  /// What it makes.
  public var sample: SampleShape
  /// Numbers of noise that a sample is made of.
  public var latent: Int
  /// Where they come from.
  public var noise: Noise
  /// Units of a perceptron's hidden layers; channels before the last convolution.
  public var width: Int
  /// Hidden layers of a perceptron; nothing to the other kind, whose depth follows from the size.
  public var layers: Int
  /// The normalisation.
  public var norm: Norm
  /// Classes that a sample can be asked of; 0 for none.
  public var classes: Int
  /// Trained numbers that stand for a class; nil for a 1 among zeros.
  public var embedding: Int?

  /// Describes a generator; DCGAN's choices by default.
  public init(
    kind: Kind = .convolutional, sample: SampleShape, latent: Int = 100, noise: Noise = .normal,
    width: Int = 64, layers: Int = 2, norm: Norm = .batch, classes: Int = 0, embedding: Int? = nil
  ) {
    self.kind = kind
    self.sample = sample
    self.latent = latent
    self.noise = noise
    self.width = width
    self.layers = layers
    self.norm = norm
    self.classes = classes
    self.embedding = embedding
  }

  /// Classes of so many samples, one after the other; 0 where there are none.
  package func evenLabels(_ count: Int) -> [Int] {
    (0..<count).map { classes == 0 ? 0 : $0 % classes }
  }
}
