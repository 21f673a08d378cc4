/// A rectangle round something in a picture.
///
/// Positions count pixels from the picture's top left corner, so that a box round the top left
/// pixel goes from 0 to 1 in both directions.
public struct Box: Sendable, Equatable {
  /// The left edge.
  public var left: Double
  /// The top edge.
  public var top: Double
  /// The right edge.
  public var right: Double
  /// The bottom edge.
  public var bottom: Double
  /// What it shows.
  public var label: String
  /// The caller's number of the box, by which it is found again after others were dropped.
  public var tag: Int
  /// The share of the thing that is still in the picture, 0…1: what crops and holes left of it.
  public var visibility: Double

  /// Creates a box of its edges.
  public init(
    left: Double, top: Double, right: Double, bottom: Double, label: String = "", tag: Int = 0,
    visibility: Double = 1
  ) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
    self.label = label
    self.tag = tag
    self.visibility = visibility
  }

  /// Pixels from the left edge to the right.
  public var width: Double { right - left }
  /// Pixels from the top edge to the bottom.
  public var height: Double { bottom - top }
  /// Pixels inside.
  public var area: Double { max(width, 0) * max(height, 0) }

  /// The tight box of the moved outline, without what leaves the picture; nil if all does.
  func moved(by map: some SpatialMap) -> Box? {
    let points = sides.flatMap { map.side(from: $0, to: $1) }
    var box = self
    box.left = points.map(\.x).min() ?? left
    box.right = points.map(\.x).max() ?? right
    box.top = points.map(\.y).min() ?? top
    box.bottom = points.map(\.y).max() ?? bottom
    return box.clipped(to: map.size, outOf: box.area)
  }

  /// The part inside a picture, or nil if there is none.
  func clipped(to size: PixelSize, outOf whole: Double) -> Box? {
    var box = self
    box.left = max(left, 0)
    box.top = max(top, 0)
    box.right = min(right, Double(size.width))
    box.bottom = min(bottom, Double(size.height))
    // Written so that what is not a number is dropped.
    guard box.width > 0, box.height > 0, whole.isFinite else { return nil }
    box.visibility = visibility * min(box.area / whole, 1)
    return box
  }

  private var sides: [(from: SIMD2<Double>, to: SIMD2<Double>)] {
    let corners: [SIMD2<Double>] = [
      [left, top], [right, top], [right, bottom], [left, bottom], [left, top],
    ]
    return Array(zip(corners, corners.dropFirst()))
  }
}

/// Which boxes are kept at the end of a pipeline.
public struct BoxRules: Sendable, Equatable {
  /// The least area, in pixels of the result.
  public var minimumArea: Double
  /// The least share of the thing that must be left of it, 0…1.
  public var minimumVisibility: Double
  /// The least width, in pixels of the result.
  public var minimumWidth: Double
  /// The least height, in pixels of the result.
  public var minimumHeight: Double

  /// Creates rules; the defaults keep all that is not empty.
  public init(
    minimumArea: Double = 0, minimumVisibility: Double = 0, minimumWidth: Double = 0,
    minimumHeight: Double = 0
  ) {
    self.minimumArea = minimumArea
    self.minimumVisibility = minimumVisibility
    self.minimumWidth = minimumWidth
    self.minimumHeight = minimumHeight
  }

  /// Whether a box is kept.
  func keeps(_ box: Box) -> Bool {
    box.area >= minimumArea && box.visibility >= minimumVisibility && box.width >= minimumWidth
      && box.height >= minimumHeight
  }
}

extension BoxRules: Codable {
  /// Reads rules; those that are not there keep all boxes.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> Double {
      try values.decodeIfPresent(Double.self, forKey: key) ?? 0
    }
    self.init(
      minimumArea: try number(.minimumArea), minimumVisibility: try number(.minimumVisibility),
      minimumWidth: try number(.minimumWidth), minimumHeight: try number(.minimumHeight))
  }
}
