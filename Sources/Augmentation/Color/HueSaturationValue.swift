import Images
import Tensors

/// Shifts hue, saturation and value.
///
/// In the hexagonal HSV model, without rounding in between. Grey pixels and pictures stay grey.
public struct HueSaturationValue: PixelOperation {
  /// What it does.
  public static let summary = "Shifts hue, saturation and value."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range(
      "hue", \.hue, in: -180...180, single: .aroundZero, "Degrees on the colour circle."),
    .range(
      "saturation", \.saturation, in: -1...1, single: .aroundZero, "What is added, of 1."),
    .range("value", \.value, in: -1...1, single: .aroundZero, "What is added, of 1."),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// Degrees on the colour circle.
    public var hue: Float
    /// What is added to the saturation.
    public var saturation: Float
    /// What is added to the value.
    public var value: Float
  }

  /// Degrees on the colour circle, within ±180.
  public var hue: ClosedRange<Float> = -20...20
  /// What is added to the saturation, within ±1.
  public var saturation: ClosedRange<Float> = -0.12...0.12
  /// What is added to the value, within ±1.
  public var value: ClosedRange<Float> = -0.08...0.08
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for moderate changes.
  public init() {}

  /// Creates the operation.
  public init(
    hue: ClosedRange<Float>, saturation: ClosedRange<Float>, value: ClosedRange<Float>,
    probability: Float = 0.5
  ) {
    self.hue = hue
    self.saturation = saturation
    self.value = value
    self.probability = probability
    requireValid()
  }

  /// Draws the three shifts.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(
      hue: random.uniform(in: hue), saturation: random.uniform(in: saturation),
      value: random.uniform(in: value))
  }

  /// Shifts the colours.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    image.adjusted([
      .hsv(hue: drawn.hue / 360, saturation: drawn.saturation, value: drawn.value)
    ])
  }
}
