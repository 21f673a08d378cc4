import Images
import Tensors

/// Multiplies levels by a factor for contrast and adds a share of white for brightness.
public struct RandomBrightnessContrast: PixelOperation {
  /// What it does.
  public static let summary =
    "Multiplies levels by a factor for contrast and adds a share of white for brightness."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range(
      "brightness", \.brightness, in: -1...1, single: .aroundZero,
      "What is added, as a share of white."),
    .range(
      "contrast", \.contrast, in: -1...10, single: .aroundZero,
      "What is added to a factor of 1 on the levels."),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// What is added, as a share of white.
    public var brightness: Float
    /// What is added to a factor of 1.
    public var contrast: Float
  }

  /// What is added, as a share of white, within ±1.
  public var brightness: ClosedRange<Float> = -0.2...0.2
  /// What is added to a factor of 1 on the levels, from −1.
  public var contrast: ClosedRange<Float> = -0.2...0.2
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for moderate changes.
  public init() {}

  /// Creates the operation.
  public init(
    brightness: ClosedRange<Float>, contrast: ClosedRange<Float>, probability: Float = 0.5
  ) {
    self.brightness = brightness
    self.contrast = contrast
    self.probability = probability
    requireValid()
  }

  /// Draws both changes.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(
      brightness: random.uniform(in: brightness), contrast: random.uniform(in: contrast))
  }

  /// Changes the levels.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    image.lookedUp([
      LevelTable.table { $0 * (1 + drawn.contrast) + drawn.brightness * 255 }
    ])
  }
}
