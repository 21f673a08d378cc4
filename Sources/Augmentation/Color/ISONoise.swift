import Images
import Tensors

/// Adds what a camera adds in the dark: noise of the brightness, and less of it of the colours.
public struct ISONoise: PixelOperation {
  /// What it does.
  public static let summary =
    "Adds what a camera adds in the dark: noise of the brightness, and of the colours."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range(
      "brightness", \.brightness, in: 0...1,
      "Standard deviation of what all colours of a pixel get, as a share of white."),
    .range(
      "color", \.color, in: 0...1,
      "Standard deviation of what each colour gets by itself, as a share of white."),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// Standard deviation of what all colours of a pixel get.
    public var brightness: Float
    /// Standard deviation of what each colour gets by itself.
    public var color: Float
    /// Where the noise comes from.
    public var seed: UInt32
  }

  /// Standard deviation of what all colours of a pixel get, as a share of white.
  public var brightness: ClosedRange<Float> = 0.02...0.08
  /// Standard deviation of what each colour gets by itself, as a share of white.
  public var color: ClosedRange<Float> = 0.01...0.04
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for moderate noise.
  public init() {}

  /// Creates the operation.
  public init(
    brightness: ClosedRange<Float>, color: ClosedRange<Float>, probability: Float = 0.5
  ) {
    self.brightness = brightness
    self.color = color
    self.probability = probability
    requireValid()
  }

  /// Draws both strengths, and a seed for the noise.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(
      brightness: random.uniform(in: brightness), color: random.uniform(in: color),
      seed: random.seed())
  }

  /// Adds the noise.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    let shared = NormalLevels.levels(deviation: 255 * drawn.brightness)
    let single = NormalLevels.levels(deviation: 255 * drawn.color)
    return image.addingNoise(shared, shared: true, seed: drawn.seed)
      .addingNoise(single, shared: false, seed: ~drawn.seed)
  }
}
