import Tensors

/// Bends the picture like a sheet of rubber.
///
/// Points of a square grid move at random, and what lies between follows smoothly, by a cubic
/// B-spline. Nothing folds, so points and boxes can follow.
///
/// - SeeAlso: Simard, Steinkraus and Platt, Best Practices for Convolutional Neural Networks, 2003;
///   Ronneberger et al., arXiv:1505.04597, for the grid.
public struct ElasticTransform: SpatialOperation {
  /// What it does.
  public static let summary = "Bends the picture like a sheet of rubber."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range(
      "amount", \.amount, in: 0...0.35,
      "How far points of the grid move at most, as a share of a cell."),
    .integer("cells", \.cells, in: 1...64, "Cells of the grid along the shorter side."),
    .border(\.border), .fill(\.fill), .interpolation(\.interpolation),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// How far points move at most, as a share of a cell.
    public var amount: Float
    /// Where the numbers of the points come from.
    public var seed: UInt32
  }

  /// How far points of the grid move at most, as a share of a cell, 0…0.35.
  public var amount: ClosedRange<Float> = 0.1...0.3
  /// Cells of the grid along the shorter side.
  public var cells = 6
  /// What stands where the picture has no pixel.
  public var border = Border.reflect
  /// The level where the picture has no pixel, 0…255.
  public var fill = 0
  /// How levels between pixels are found.
  public var interpolation = Interpolation.bilinear
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for a moderate bend.
  public init() {}

  /// Creates the operation.
  public init(
    amount: ClosedRange<Float>, cells: Int = 6, border: Border = .reflect, fill: Int = 0,
    interpolation: Interpolation = .bilinear, probability: Float = 0.5
  ) {
    self.amount = amount
    self.cells = cells
    self.border = border
    self.fill = fill
    self.interpolation = interpolation
    self.probability = probability
    requireValid()
  }

  /// Draws the amount, and a seed for the points.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(amount: random.uniform(in: amount), seed: random.seed())
  }

  /// Where everything goes.
  public func map(_ drawn: Drawn, for size: PixelSize) -> DisplacementMap {
    let side = Float(size.shorter) / Float(cells)
    func count(_ length: Int) -> Int { max(1, Int((Float(length) / side).rounded())) }
    let columns = min(count(size.width), 1000), rows = min(count(size.height), 1000)
    var random = SeededRandom(seed: UInt64(drawn.seed), purpose: "elastic grid")
    let reach = min(max(drawn.amount, 0), 0.35)
    let cell = SIMD2(Float(size.width) / Float(columns), Float(size.height) / Float(rows))
    let nodes = (0..<(columns + 3) * (rows + 3)).map { _ in
      let x = random.uniform(in: -reach...reach), y = random.uniform(in: -reach...reach)
      return SIMD2(x, y) * cell
    }
    return DisplacementMap(
      size, columns: columns, rows: rows, nodes: nodes, border: border, fill: fill,
      resampling: interpolation)
  }
}
