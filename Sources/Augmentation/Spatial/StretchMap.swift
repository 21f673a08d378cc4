import Images

/// A picture whose columns and rows are stretched here and squeezed there.
public struct StretchMap: SpatialMap {
  /// The size, which stays.
  public let size: PixelSize
  private let across: Stretch, down: Stretch
  private let resampling: Interpolation

  /// - Parameters:
  ///   - size: The size of the picture.
  ///   - columns: The share of the picture's width that each of as many equal parts of the result
  ///     shows; they add up to 1.
  ///   - rows: The same for the height.
  ///   - resampling: How levels between pixels are found, in pictures.
  init(_ size: PixelSize, columns: [Float], rows: [Float], resampling: Interpolation) {
    self.size = size
    across = Stretch(columns, length: size.width)
    down = Stretch(rows, length: size.height)
    self.resampling = resampling
  }

  /// The stretched picture.
  public func image(_ image: Image) -> Image {
    stretched(image, bilinear: resampling == .bilinear)
  }

  /// The stretched mask.
  public func mask(_ mask: Image) -> Image { stretched(mask, bilinear: false) }

  /// Where a point goes.
  public func point(_ point: SIMD2<Double>) -> SIMD2<Double> {
    [across.result(of: point.x), down.result(of: point.y)]
  }

  /// Where a side goes, cut at the lines of the grid: between them it stays straight.
  public func side(from: SIMD2<Double>, to: SIMD2<Double>) -> [SIMD2<Double>] {
    let way = to - from
    let cuts =
      across.bounds.map { ($0 - from.x) / way.x } + down.bounds.map { ($0 - from.y) / way.y }
    // Along a line of the grid there is nothing to cut.
    let shares = [0] + cuts.filter { $0 > 0 && $0 < 1 }.sorted()
    return shares.map { point(from + way * $0) }
  }

  private func stretched(_ image: Image, bilinear: Bool) -> Image {
    let columns = (0..<size.width).map { Float(across.source(of: Double($0) + 0.5) - 0.5) }
    return image.sampled(size, bilinear: bilinear, border: .edge, fill: 0) { y, xs, ys in
      let row = Float(down.source(of: Double(y) + 0.5) - 0.5)
      for x in 0..<columns.count {
        xs[x] = columns[x]
        ys[x] = row
      }
    }
  }
}

/// A line of parts, each stretched evenly.
private struct Stretch {
  /// Where the parts begin in the source, and where the last one ends.
  let bounds: [Double]
  /// How long a part is in the result.
  let part: Double

  init(_ shares: [Float], length: Int) {
    let sum = shares.reduce(0) { $0 + Double($1) }
    var bounds = [0.0]
    for share in shares {
      bounds.append(bounds[bounds.count - 1] + Double(share) / sum * Double(length))
    }
    self.bounds = bounds
    part = Double(length) / Double(shares.count)
  }

  func source(of place: Double) -> Double {
    let index = min(max(Int(place / part), 0), bounds.count - 2)
    return bounds[index] + (place / part - Double(index)) * (bounds[index + 1] - bounds[index])
  }

  func result(of place: Double) -> Double {
    var index = 0
    while index < bounds.count - 2, bounds[index + 1] <= place { index += 1 }
    let share = (place - bounds[index]) / (bounds[index + 1] - bounds[index])
    return (Double(index) + share) * part
  }
}
