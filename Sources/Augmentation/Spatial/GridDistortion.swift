import Tensors

/// Stretches some columns and rows of a grid and squeezes others; the size stays.
public struct GridDistortion: SpatialOperation {
  /// What it does.
  public static let summary =
    "Stretches some columns and rows of a grid and squeezes others; the size stays."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .integer("cells", \.cells, in: 2...50, "Cells of the grid in either direction."),
    .range(
      "limit", \.limit, in: -0.9...0.9, single: .aroundZero,
      "By how much a column or row becomes wider, as a share of it."),
    .interpolation(\.interpolation),
  ]

  /// What is drawn: how wide columns and rows of the picture are that become equally wide.
  public struct Drawn: Codable, Sendable, Equatable {
    /// Widths of columns; only what they are to each other counts.
    public var columns: [Float]
    /// Heights of rows.
    public var rows: [Float]
  }

  /// Cells of the grid in either direction, 2…50.
  public var cells = 5
  /// By how much a column or row becomes wider, as a share of it, within ±0.9.
  public var limit: ClosedRange<Float> = -0.3...0.3
  /// How levels between pixels are found.
  public var interpolation = Interpolation.bilinear
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for a moderate distortion.
  public init() {}

  /// Creates the operation.
  public init(
    limit: ClosedRange<Float>, cells: Int = 5, interpolation: Interpolation = .bilinear,
    probability: Float = 0.5
  ) {
    self.limit = limit
    self.cells = cells
    self.interpolation = interpolation
    self.probability = probability
    requireValid()
  }

  /// Draws the widths and heights.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    func shares() -> [Float] { (0..<cells).map { _ in 1 + random.uniform(in: limit) } }
    return Drawn(columns: shares(), rows: shares())
  }

  /// Where everything goes.
  public func map(_ drawn: Drawn, for size: PixelSize) -> StretchMap {
    // A record may hold anything; no part may vanish.
    func usable(_ shares: [Float]) -> [Float] {
      shares.isEmpty ? [1] : shares.map { $0 > 0.01 ? min($0, 100) : 0.01 }
    }
    return StretchMap(
      size, columns: usable(drawn.columns), rows: usable(drawn.rows), resampling: interpolation)
  }
}
