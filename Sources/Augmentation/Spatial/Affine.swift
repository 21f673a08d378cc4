import Tensors

/// Scales, turns, shears and shifts about the middle; the size stays.
public struct Affine: SpatialOperation {
  /// What it does.
  public static let summary = "Scales, turns, shears and shifts about the middle; the size stays."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range("scale", \.scale, in: 0.01...100, single: .aroundOne, "Factors on lengths."),
    .range(
      "aspect", \.aspect, in: 0.01...100, single: .aroundOne,
      "Factors on the width over the height; the area stays."),
    .range(
      "rotate", \.rotate, in: -180...180, single: .aroundZero,
      "Degrees, counterclockwise where positive."),
    .range(
      "shear", \.shear, in: -80...80, single: .aroundZero,
      "Degrees by which columns lean, and rows."),
    .range(
      "translate", \.translate, in: -1...1, single: .aroundZero,
      "Shifts to the right and down, as shares of the width and the height."),
    .border(\.border), .fill(\.fill), .interpolation(\.interpolation),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// A factor on lengths.
    public var scale: Float
    /// A factor on the width over the height.
    public var aspect: Float
    /// Degrees, counterclockwise where positive.
    public var rotate: Float
    /// Degrees by which columns lean.
    public var shearX: Float
    /// Degrees by which rows lean.
    public var shearY: Float
    /// A shift to the right, of the width.
    public var translateX: Float
    /// A shift down, of the height.
    public var translateY: Float
  }

  /// Factors on lengths.
  public var scale: ClosedRange<Float> = 0.9...1.1
  /// Factors on the width over the height; the area stays.
  public var aspect: ClosedRange<Float> = 1...1
  /// Degrees, within ±180, counterclockwise where positive.
  public var rotate: ClosedRange<Float> = -15...15
  /// Degrees by which columns lean, and rows, within ±80.
  public var shear: ClosedRange<Float> = 0...0
  /// Shifts to the right and down, as shares of the width and the height.
  public var translate: ClosedRange<Float> = -0.1...0.1
  /// What stands where the picture has no pixel.
  public var border = Border.fill
  /// The level where the picture has no pixel, 0…255.
  public var fill = 0
  /// How levels between pixels are found.
  public var interpolation = Interpolation.bilinear
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for lengths, angles and shifts of moderate change.
  public init() {}

  /// Creates the operation.
  public init(
    scale: ClosedRange<Float> = 0.9...1.1, aspect: ClosedRange<Float> = 1...1,
    rotate: ClosedRange<Float> = -15...15, shear: ClosedRange<Float> = 0...0,
    translate: ClosedRange<Float> = -0.1...0.1, border: Border = .fill, fill: Int = 0,
    interpolation: Interpolation = .bilinear, probability: Float = 0.5
  ) {
    self.scale = scale
    self.aspect = aspect
    self.rotate = rotate
    self.shear = shear
    self.translate = translate
    self.border = border
    self.fill = fill
    self.interpolation = interpolation
    self.probability = probability
    requireValid()
  }

  /// Draws the changes, one independent of the other.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(
      scale: random.uniform(in: scale), aspect: random.uniform(in: aspect),
      rotate: random.uniform(in: rotate), shearX: random.uniform(in: shear),
      shearY: random.uniform(in: shear), translateX: random.uniform(in: translate),
      translateY: random.uniform(in: translate))
  }

  /// Where everything goes: scaled, sheared, turned, shifted, in this order.
  ///
  /// - Throws: If nothing would be left of the picture, as a record may have it.
  public func map(
    _ drawn: Drawn, for size: PixelSize
  ) throws(AugmentationError) -> ProjectiveMap {
    let x = Double(size.width) / 2, y = Double(size.height) / 2
    let stretch = Double(drawn.aspect).squareRoot(), scale = Double(drawn.scale)
    let shape =
      ProjectiveMatrix.rotation(degrees: Double(drawn.rotate))
      * .shear(degreesX: Double(drawn.shearX), degreesY: Double(drawn.shearY))
      * .scale(scale * stretch, scale / stretch)
    let shift = ProjectiveMatrix.translation(
      x + Double(drawn.translateX) * Double(size.width),
      y + Double(drawn.translateY) * Double(size.height))
    let whole = shift * shape * .translation(-x, -y)
    guard whole.isInvertible else {
      throw .failed(
        operation: Self.name,
        reason: "a scale of \(drawn.scale) with an aspect of \(drawn.aspect) and a shear of"
          + " \(drawn.shearX) and \(drawn.shearY) leaves nothing of the picture. Record it again.")
    }
    return ProjectiveMap(
      whole, size: size, border: border, fill: fill, resampling: interpolation)
  }
}
