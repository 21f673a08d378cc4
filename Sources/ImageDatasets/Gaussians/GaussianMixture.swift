import Tensors

/// Points of the plane around some centres: the classic test of what a generator leaves out.
///
/// Every centre has the same share of the points, scattered normally about it. Where a network's
/// points lie can be seen and counted, which pictures do not allow.
public struct GaussianMixture: Sendable, Equatable {
  /// How the mixture is called on the command line.
  public let name: String
  /// The centres, within −1.5…1.5.
  public let centers: [SIMD2<Float>]
  /// The standard deviation of either coordinate about a centre.
  public let deviation: Float

  /// Eight centres on a ring, a hundred deviations in radius.
  /// - SeeAlso: Metz and others, arXiv:1611.02163.
  public static let ring: GaussianMixture = {
    let diagonal = Float(0.5).squareRoot()
    let directions: [SIMD2<Float>] = [
      [1, 0], [diagonal, diagonal], [0, 1], [-diagonal, diagonal],
      [-1, 0], [-diagonal, -diagonal], [0, -1], [diagonal, -diagonal],
    ]
    let radius = Float(2).squareRoot()
    return GaussianMixture(
      name: "ring", centers: directions.map { $0 * radius }, deviation: radius / 100)
  }()

  /// Five rows of five centres, forty deviations apart.
  /// - SeeAlso: Gulrajani and others, arXiv:1704.00028.
  public static let grid: GaussianMixture = {
    let spacing = Float(0.5).squareRoot()
    let centers = (-2...2).flatMap { row in
      (-2...2).map { SIMD2(Float($0), Float(row)) * spacing }
    }
    return GaussianMixture(name: "grid", centers: centers, deviation: spacing / 40)
  }()

  /// The mixtures that have a name.
  public static let all = [ring, grid]

  /// Draws points.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - seed: Another seed, other points.
  ///   - index: Which batch of the seed; the number of a step, say.
  /// - Returns: `[N, 1, 1, 2]`: x and y as channels.
  public func points(count: Int, seed: UInt64, index: Int = 0) -> Tensor {
    var random = SeededRandom(seed: seed, index: index, purpose: "gaussian mixture")
    var values: [Float] = []
    values.reserveCapacity(2 * count)
    for _ in 0..<count {
      let center = centers[random.integer(below: centers.count)]
      values.append(center.x + deviation * random.normal())
      values.append(center.y + deviation * random.normal())
    }
    return Tensor([count, 1, 1, 2], values)
  }

  /// How well some points stand for the mixture.
  public struct Coverage: Sendable, Equatable, Codable {
    /// Good points of each centre: those within three deviations of it.
    public let counts: [Int]
    /// Points in all.
    public let points: Int

    /// Centres in all.
    public var modes: Int { counts.count }
    /// Centres that have a good point.
    public var covered: Int { counts.count { $0 > 0 } }
    /// The share of good points, 0…1; 0.989 for the mixture itself.
    public var goodShare: Double { points == 0 ? 0 : Double(counts.reduce(0, +)) / Double(points) }
  }

  /// Counts how many points lie within three deviations of which centre.
  ///
  /// - Parameter points: `[N, 1, 1, 2]`; what is not a number is no good point.
  public func coverage(of points: Tensor) -> Coverage {
    var counts = [Int](repeating: 0, count: centers.count)
    let positions = Self.positions(points)
    for position in positions {
      if let center = center(near: position) { counts[center] += 1 }
    }
    return Coverage(counts: counts, points: positions.count)
  }

  /// The centre within three deviations of a position; circles about centres do not meet.
  func center(near position: SIMD2<Float>) -> Int? {
    let reach = 3 * deviation
    return centers.firstIndex {
      let offset = position - $0
      return (offset * offset).sum() <= reach * reach
    }
  }

  static func positions(_ points: Tensor) -> [SIMD2<Float>] {
    precondition(
      points.shape.dimensions.dropFirst() == [1, 1, 2],
      "points of shape \(points.shape), not [N, 1, 1, 2]")
    let values = points.values
    return (0..<points.shape[0]).map { SIMD2(values[2 * $0], values[2 * $0 + 1]) }
  }
}
