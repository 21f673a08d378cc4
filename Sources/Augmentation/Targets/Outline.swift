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
  public var area: Double {
    let sum = sides.reduce(0) { $0 + $1.from.x * $1.to.y - $1.to.x * $1.from.y }
    return abs(sum) / 2
  }

  private var sides: [(from: SIMD2<Double>, to: SIMD2<Double>)] {
    Array(zip(corners, corners.dropFirst() + corners.prefix(1)))
  }

  /// The moved outline, without what leaves the picture; nil if all does.
  ///
  /// Where lines become bent, points on each side are moved too.
  func moved(by map: some SpatialMap) -> Outline? {
    let steps = map.bends ? 5 : 1
    var outline = self
    outline.corners = sides.flatMap { from, to in
      (0..<steps).map { map.point(from + (to - from) * (Double($0) / Double(steps))) }
    }
    return outline.clipped(to: map.size)
  }

  /// The part inside a picture, or nil if there is none.
  ///
  /// - SeeAlso: Sutherland and Hodgman, Reentrant Polygon Clipping, 1974.
  func clipped(to size: PixelSize) -> Outline? {
    var outline = self
    for axis in 0..<2 {
      let end = Double(axis == 0 ? size.width : size.height)
      outline.cut(axis: axis, at: 0) { $0 >= 0 }
      outline.cut(axis: axis, at: end) { $0 <= end }
    }
    // Written so that what is not a number is dropped.
    return outline.corners.count >= 3 && outline.area > 0 ? outline : nil
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
