import Images

/// How much consecutive frames of a film differ.
public struct Flicker: Sendable, Equatable {
  private var sum = 0.0
  private var pairs = 0
  private var last: Image?

  /// Has seen no frames.
  public init() {}

  /// The mean absolute difference of consecutive frames, in levels of 255.
  public var meanDifference: Double { pairs == 0 ? 0 : sum / Double(pairs) }

  /// Looks at the next frame.
  ///
  /// - Parameter isCut: Whether it has nothing to do with the one before.
  mutating func add(_ frame: Image, isCut: Bool) {
    if let last, !isCut {
      sum += frame.meanDifference(from: last)
      pairs += 1
    }
    last = frame
  }
}

/// Finds frames that begin a new scene.
struct SceneCuts {
  private var last: Image?

  /// Each frame is looked at in so many columns and rows.
  private static let cells = 16
  /// Levels of 255 by which the cells of neighbouring frames differ at a cut on average: even a
  /// fast pan changes them by a few only.
  private static let threshold = 24.0

  /// Whether the next frame shows something else than the one before.
  mutating func isCut(before frame: Image) -> Bool {
    let small = frame.resized(width: Self.cells, height: Self.cells)
    defer { last = small }
    return last.map { small.meanDifference(from: $0) > Self.threshold } ?? false
  }
}

extension Image {
  /// The mean absolute difference from a picture of the same shape, in levels of 255.
  fileprivate func meanDifference(from other: Image) -> Double {
    precondition(samples.count == other.samples.count, "frames of two sizes")
    var sum = 0
    for (a, b) in zip(samples, other.samples) { sum += a > b ? Int(a - b) : Int(b - a) }
    return Double(sum) / Double(samples.count)
  }
}
