import Tensors

/// Moves the four corners, as if the picture were seen from elsewhere; the size stays.
public struct Perspective: SpatialOperation {
  /// What it does.
  public static let summary =
    "Moves the four corners, as if the picture were seen from elsewhere; the size stays."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range(
      "scale", \.scale, in: 0...reach,
      "How far corners move at most, as a share of the width and the height."),
    .border(\.border), .fill(\.fill), .interpolation(\.interpolation),
  ]

  /// From a quarter on, a corner could cross the line between its neighbours: the picture would fold.
  private static let reach: Float = 0.24

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// Shifts of the corners to the right, of the width, clockwise from the top left.
    public var x: [Float]
    /// Shifts of the corners down, of the height.
    public var y: [Float]
  }

  /// How far corners move at most, as a share of the width and the height, 0…0.24.
  public var scale: ClosedRange<Float> = 0.05...0.1
  /// What stands where the picture has no pixel.
  public var border = Border.fill
  /// The level where the picture has no pixel, 0…255.
  public var fill = 0
  /// How levels between pixels are found.
  public var interpolation = Interpolation.bilinear
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for corners that move by up to a tenth.
  public init() {}

  /// Creates the operation.
  public init(
    scale: ClosedRange<Float>, border: Border = .fill, fill: Int = 0,
    interpolation: Interpolation = .bilinear, probability: Float = 0.5
  ) {
    self.scale = scale
    self.border = border
    self.fill = fill
    self.interpolation = interpolation
    self.probability = probability
    requireValid()
  }

  /// Draws how far corners may move, then where each goes within that.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    let reach = random.uniform(in: scale)
    func shifts() -> [Float] { (0..<4).map { _ in random.uniform(in: -reach...reach) } }
    return Drawn(x: shifts(), y: shifts())
  }

  /// Where everything goes.
  ///
  /// - Throws: If the picture could fold, as a record may have it.
  public func map(
    _ drawn: Drawn, for size: PixelSize
  ) throws(AugmentationError) -> ProjectiveMap {
    if let far = (drawn.x + drawn.y).first(where: { !(abs($0) <= Self.reach) }) {
      throw .failed(
        operation: Self.name,
        reason: "a corner that moves by \(far) could fold the picture. Record it again.")
    }
    let width = Double(size.width), height = Double(size.height)
    let corners: [SIMD2<Double>] = [[0, 0], [width, 0], [width, height], [0, height]]
    let moved = corners.indices.map { index in
      func share(_ shifts: [Float]) -> Double { index < shifts.count ? Double(shifts[index]) : 0 }
      return corners[index] + [share(drawn.x) * width, share(drawn.y) * height]
    }
    return ProjectiveMap(
      .corners(of: size, to: moved), size: size, border: border, fill: fill,
      resampling: interpolation)
  }
}
