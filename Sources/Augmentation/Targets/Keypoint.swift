/// A point of something in a picture.
///
/// Positions count pixels from the centre of the top left one, which is (0, 0).
public struct Keypoint: Sendable, Equatable {
  /// From left to right.
  public var x: Double
  /// From top to bottom.
  public var y: Double
  /// What it is.
  public var label: String
  /// The caller's number of the point, by which it is found again after others were dropped.
  public var tag: Int

  /// Creates a point.
  public init(x: Double, y: Double, label: String = "", tag: Int = 0) {
    self.x = x
    self.y = y
    self.label = label
    self.tag = tag
  }

  /// The moved point, or nil if it leaves the picture.
  func moved(by map: some SpatialMap) -> Keypoint? {
    let place = map.point([x + 0.5, y + 0.5])
    var point = self
    point.x = place.x - 0.5
    point.y = place.y - 0.5
    return point.isInside(map.size) ? point : nil
  }

  /// Whether it lies in a picture of a size.
  func isInside(_ size: PixelSize) -> Bool {
    x >= -0.5 && y >= -0.5 && x < Double(size.width) - 0.5 && y < Double(size.height) - 0.5
  }
}
