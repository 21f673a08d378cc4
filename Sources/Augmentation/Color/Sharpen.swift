import Images
import Tensors

/// Adds to each pixel its difference from its neighbours.
public struct Sharpen: PixelOperation {
  /// What it does.
  public static let summary = "Adds to each pixel its difference from its neighbours."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range("alpha", \.alpha, in: 0...1, "The share of the sharpened picture in the result."),
    .range("lightness", \.lightness, in: 0...5, "How much the sharpened picture keeps of itself."),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// The share of the sharpened picture.
    public var alpha: Float
    /// How much it keeps of itself.
    public var lightness: Float
  }

  /// The share of the sharpened picture in the result.
  public var alpha: ClosedRange<Float> = 0.2...0.5
  /// How much the sharpened picture keeps of itself; 1 keeps the brightness.
  public var lightness: ClosedRange<Float> = 0.5...1
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for moderate sharpening.
  public init() {}

  /// Creates the operation.
  public init(
    alpha: ClosedRange<Float>, lightness: ClosedRange<Float> = 0.5...1, probability: Float = 0.5
  ) {
    self.alpha = alpha
    self.lightness = lightness
    self.probability = probability
    requireValid()
  }

  /// Draws both strengths.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(alpha: random.uniform(in: alpha), lightness: random.uniform(in: lightness))
  }

  /// Sharpens the colours, the picture mirrored at its borders; alpha stays.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    let opaque = image.converted(toChannels: image.colors)
    // Each of the eight neighbours counts −1 and the pixel itself 8 + lightness.
    return opaque.ringed(
      centre: 1 - drawn.alpha + drawn.alpha * (9 + drawn.lightness), ring: -drawn.alpha
    ).withAlpha(of: image)
  }
}
