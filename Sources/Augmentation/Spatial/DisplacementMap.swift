import Images

/// A picture bent by a smooth field: each pixel of the result comes from somewhere near.
///
/// The field is a cubic B-spline over a grid of displacements.
public struct DisplacementMap: SpatialMap {
  /// The size, which stays.
  public let size: PixelSize

  private let columns: Int, rows: Int
  private let cellWidth: Double, cellHeight: Double
  private let nodes: [SIMD2<Float>]
  private let border: Border
  private let fill: UInt8
  private let resampling: Interpolation

  /// - Parameters:
  ///   - size: The size of the picture.
  ///   - columns: Cells of the grid from left to right.
  ///   - rows: Cells from top to bottom.
  ///   - nodes: Displacements in pixels, `(columns + 3) × (rows + 3)` of them, row by row, the
  ///     first one cell beyond the top left corner.
  ///   - border: What stands where the picture has no pixel.
  ///   - fill: The level, for the border `fill`.
  ///   - resampling: How levels between pixels are found, in pictures.
  init(
    _ size: PixelSize, columns: Int, rows: Int, nodes: [SIMD2<Float>], border: Border, fill: Int,
    resampling: Interpolation
  ) {
    precondition(nodes.count == (columns + 3) * (rows + 3), "\(nodes.count) nodes")
    self.size = size
    self.columns = columns
    self.rows = rows
    self.nodes = nodes
    self.border = border
    self.fill = UInt8(fill)
    self.resampling = resampling
    cellWidth = Double(size.width) / Double(columns)
    cellHeight = Double(size.height) / Double(rows)
  }

  /// The bent picture.
  public func image(_ image: Image) -> Image {
    bent(image, bilinear: resampling == .bilinear, fill: fill)
  }

  /// The bent mask; 0 where there is none.
  public func mask(_ mask: Image) -> Image { bent(mask, bilinear: false, fill: 0) }

  /// Where a point goes: what comes from there.
  public func point(_ point: SIMD2<Double>) -> SIMD2<Double> {
    // The field changes by less than the way along it, so this closes in on the only solution.
    var place = point
    for _ in 0..<100 {
      let next = point - displacement(at: place)
      let change = next - place
      place = next
      if abs(change.x) + abs(change.y) < 1e-6 { break }
    }
    return place
  }

  /// Where a side goes: at least two points of it, and four in each cell.
  public func side(from: SIMD2<Double>, to: SIMD2<Double>) -> [SIMD2<Double>] {
    let way = to - from
    let cells = max(abs(way.x) / cellWidth, abs(way.y) / cellHeight)
    // Written so that what is not a number becomes one.
    let steps = cells < 1024 ? max(2, Int((4 * cells).rounded(.up))) : 4096
    return (0..<steps).map { point(from + way * (Double($0) / Double(steps))) }
  }

  private func displacement(at point: SIMD2<Double>) -> SIMD2<Double> {
    let across = Spline(point.x / cellWidth, cells: columns)
    let down = Spline(point.y / cellHeight, cells: rows)
    var sum = SIMD2<Float>.zero
    for row in 0..<4 {
      var part = SIMD2<Float>.zero
      for column in 0..<4 {
        part +=
          across.weights[column] * nodes[(down.cell + row) * (columns + 3) + across.cell + column]
      }
      sum += down.weights[row] * part
    }
    return SIMD2<Double>(sum)
  }

  private func bent(_ image: Image, bilinear: Bool, fill: UInt8) -> Image {
    let splines = (0..<size.width).map { Spline((Double($0) + 0.5) / cellWidth, cells: columns) }
    return image.sampled(size, bilinear: bilinear, border: border, fill: fill) { y, xs, ys in
      let down = Spline((Double(y) + 0.5) / cellHeight, cells: rows)
      let line = (0..<columns + 3).map { column in
        (0..<4).reduce(SIMD2<Float>.zero) { sum, row in
          sum + down.weights[row] * nodes[(down.cell + row) * (columns + 3) + column]
        }
      }
      for (x, across) in splines.enumerated() {
        let left =
          across.weights[0] * line[across.cell] + across.weights[1] * line[across.cell + 1]
        let right =
          across.weights[2] * line[across.cell + 2] + across.weights[3] * line[across.cell + 3]
        xs[x] = Float(x) + left.x + right.x
        ys[x] = Float(y) + left.y + right.y
      }
    }
  }
}

/// The four nodes that a place on a line depends on, and how much.
private struct Spline {
  let cell: Int
  let weights: SIMD4<Float>

  /// - Parameters:
  ///   - place: In cells from the start of the line.
  ///   - cells: How many there are; beyond them the outermost one goes on.
  init(_ place: Double, cells: Int) {
    let place = min(max(place, 0), Double(cells))
    cell = min(Int(place), cells - 1)
    let t = Float(place - Double(cell)), s = 1 - t
    weights =
      SIMD4(
        s * s * s, 3 * t * t * t - 6 * t * t + 4, 3 * s * s * s - 6 * s * s + 4, t * t * t) / 6
  }
}
