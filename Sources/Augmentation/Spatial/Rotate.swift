import Tensors

/// Turns about the middle; the size stays.
public struct Rotate: SpatialOperation {
  /// What it does.
  public static let summary = "Turns about the middle; the size stays."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range(
      "limit", \.limit, in: -180...180, single: .aroundZero,
      "Degrees, counterclockwise where positive."),
    .border(\.border), .fill(\.fill), .interpolation(\.interpolation),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// The angle in degrees, counterclockwise where positive.
    public var degrees: Float
  }

  /// Degrees, within ±180, counterclockwise where positive.
  public var limit: ClosedRange<Float> = -90...90
  /// What stands where the picture has no pixel.
  public var border = Border.fill
  /// The level where the picture has no pixel, 0…255.
  public var fill = 0
  /// How levels between pixels are found.
  public var interpolation = Interpolation.bilinear
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for up to a quarter turn either way.
  public init() {}

  /// Creates the operation.
  public init(
    limit: ClosedRange<Float>, border: Border = .fill, fill: Int = 0,
    interpolation: Interpolation = .bilinear, probability: Float = 0.5
  ) {
    self.limit = limit
    self.border = border
    self.fill = fill
    self.interpolation = interpolation
    self.probability = probability
    requireValid()
  }

  /// Draws the angle.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(degrees: random.uniform(in: limit))
  }

  /// Where everything goes.
  public func map(_ drawn: Drawn, for size: PixelSize) -> ProjectiveMap {
    let x = Double(size.width) / 2, y = Double(size.height) / 2
    let turn =
      ProjectiveMatrix.translation(x, y) * .rotation(degrees: Double(drawn.degrees))
      * .translation(-x, -y)
    return ProjectiveMap(
      turn, size: size, border: border, fill: fill, resampling: interpolation)
  }
}
