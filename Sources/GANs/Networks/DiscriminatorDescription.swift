import Checkpoints
import Layers

/// The architecture of a discriminator, enough to build it.
public struct DiscriminatorDescription: Codable, Hashable, Sendable {
  /// A family of architectures.
  public enum Kind: String, Codable, Sendable {
    /// Judges overlapping patches.
    case patch
    /// Judges each pixel by itself.
    case pixel
  }

  /// The family.
  public var kind: Kind
  /// Strided convolutions of a PatchGAN, 3 for patches of 70×70 pixels; nothing to the other kind.
  public var layers: Int
  /// Channels after the first convolution.
  public var filters: Int
  /// Channels of the pictures.
  public var inputChannels: Int
  /// The normalisation.
  public var norm: GeneratorDescription.Norm
  /// Whether filters are divided by their largest singular value.
  public var isSpectral: Bool

  /// Describes a discriminator; the reference's choices by default.
  public init(
    kind: Kind = .patch, layers: Int = 3, filters: Int = 64, inputChannels: Int = 3,
    norm: GeneratorDescription.Norm = .instance, isSpectral: Bool = false
  ) {
    self.kind = kind
    self.layers = layers
    self.filters = filters
    self.inputChannels = inputChannels
    self.norm = norm
    self.isSpectral = isSpectral
  }

  /// Builds the network; its weights are zero until initialized or loaded.
  public func network() -> any Module {
    switch kind {
    case .patch: PatchGANDiscriminator(self)
    case .pixel: PixelDiscriminator(self)
    }
  }
}
