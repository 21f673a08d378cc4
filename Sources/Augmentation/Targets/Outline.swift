/// The outline of something in a picture: a polygon, closed from its last corner to the first.
///
/// Positions count pixels from the picture's top left corner, as those of boxes do.
public struct Outline: Sendable, Equatable {
  /// The corners, in order.
  public var corners: [SIMD2<Double>]
  /// What it shows.
  public var label: String
  /// The caller's number of the outline, by which it is found again after others were dropped.
  public var tag: Int

  /// Creates an outline.
  public init(corners: [SIMD2<Double>], label: String = "", tag: Int = 0) {
    self.corners = corners
    self.label = label
    self.tag = tag
  }

  /// Pixels inside, of an outline that does not cross itself.
  public var area: Double { abs(signedArea) }

  /// The area, negative where the corners go round counterclockwise.
  private var signedArea: Double {
    sides.reduce(0) { $0 + $1.from.x * $1.to.y - $1.to.x * $1.from.y } / 2
  }

  private var sides: [(from: SIMD2<Double>, to: SIMD2<Double>)] {
    Array(zip(corners, corners.dropFirst() + corners.prefix(1)))
  }

  /// The moved outline, without what leaves the picture; nil if all does.
  func moved(by map: some SpatialMap) -> Outline? {
    var outline = self
    outline.corners = sides.flatMap { map.side(from: $0, to: $1) }
    return outline.clipped(to: map.size)
  }

  /// The part inside a picture, or nil if there is none.
  package func clipped(to size: PixelSize) -> Outline? {
    let outline = part(x: 0...Double(size.width), y: 0...Double(size.height))
    // Written so that what is not a number is dropped.
    return outline.corners.count >= 3 && outline.area > 0 ? outline : nil
  }

  /// Whether rectangles of which no two overlap leave nothing of it.
  func isCovered(by parts: [Rectangle]) -> Bool {
    let whole = signedArea
    let covered = parts.reduce(0) { $0 + part(x: $1.x, y: $1.y).signedArea }
    return abs(whole - covered) <= 1e-9 * abs(whole)
  }

  /// The part inside a rectangle.
  ///
  /// - SeeAlso: Sutherland and Hodgman, Reentrant Polygon Clipping, 1974.
  private func part(x: ClosedRange<Double>, y: ClosedRange<Double>) -> Outline {
    var outline = self
    for (axis, range) in [x, y].enumerated() {
      outline.cut(axis: axis, at: range.lowerBound) { $0 >= range.lowerBound }
      outline.cut(axis: axis, at: range.upperBound) { $0 <= range.upperBound }
    }
    return outline
  }

  /// Keeps what lies on one side of a line across an axis.
  private mutating func cut(axis: Int, at place: Double, keeping keeps: (Double) -> Bool) {
    corners = sides.flatMap { from, to -> [SIMD2<Double>] in
      let kept = keeps(from[axis]) ? [from] : []
      guard keeps(from[axis]) != keeps(to[axis]) else { return kept }
      let share = (place - from[axis]) / (to[axis] - from[axis])
      var crossing = from + (to - from) * share
      crossing[axis] = place
      return kept + [crossing]
    }
  }
}
