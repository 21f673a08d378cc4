/// Which samples of a line make each sample of a shorter or longer one, and with what weights.
///
/// The weights are those of Pillow, so that pictures come out as in the tools that models are
/// trained with: a filter as wide as the shrinking asks (antialiasing), cut off at the ends of the
/// line, normalised to sum 1, and rounded to multiples of 2⁻²².
struct ResamplingTaps {
  /// The first source position of each target position.
  private(set) var starts: [Int32] = []
  /// The number of source positions of each target position.
  private(set) var counts: [Int32] = []
  /// The weights, `stride` of them for each target position.
  private(set) var weights: [Int32] = []
  /// The greatest number of source positions.
  let stride: Int

  /// The source positions that any target position needs.
  var sources: Range<Int> {
    let first = starts.min() ?? 0
    let end = zip(starts, counts).map { $0 + $1 }.max() ?? 0
    return Int(first)..<Int(end)
  }

  /// Plans `count` positions made from `sourceCount`, of which only those in `window` are wanted.
  init(from sourceCount: Int, to count: Int, filter: ResamplingFilter, window: Range<Int>) {
    let scale = Double(sourceCount) / Double(count)
    let widening = max(scale, 1)
    let support = filter.support * widening
    stride = Int(support.rounded(.up)) * 2 + 1
    starts.reserveCapacity(window.count)
    counts.reserveCapacity(window.count)
    weights.reserveCapacity(window.count * stride)
    for position in window {
      let center = (Double(position) + 0.5) * scale
      let first = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), sourceCount)
      let values = (first..<end).map { filter.weight((Double($0) - center + 0.5) / widening) }
      append(values, start: first)
    }
  }

  private mutating func append(_ values: [Double], start: Int) {
    let sum = values.reduce(0, +)
    starts.append(Int32(start))
    counts.append(Int32(values.count))
    for value in values {
      weights.append(Int32((value / sum * 0x1p22).rounded(.toNearestOrAwayFromZero)))
    }
    weights.append(contentsOf: repeatElement(0, count: stride - values.count))
  }

  /// The same taps for a source that begins at `offset`.
  func shifted(by offset: Int) -> ResamplingTaps {
    var result = self
    result.starts = starts.map { $0 - Int32(offset) }
    return result
  }
}

/// The filters that weigh neighbours.
enum ResamplingFilter {
  case triangle
  case cubic

  /// How far the filter reaches, in source positions, when nothing shrinks.
  var support: Double {
    switch self {
    case .triangle: 1
    case .cubic: 2
    }
  }

  /// The weight of a sample at a distance.
  ///
  /// - SeeAlso: R. Keys, Cubic convolution interpolation for digital image processing, 1981, for
  ///   the cubic with a = −1/2.
  func weight(_ distance: Double) -> Double {
    let x = distance.magnitude
    switch self {
    case .triangle: return max(1 - x, 0)
    case .cubic:
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
      return 0
    }
  }
}
