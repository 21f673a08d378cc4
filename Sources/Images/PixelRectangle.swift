/// A part of a picture, in pixels from the top left.
public struct PixelRectangle: Sendable, Equatable {
  /// The leftmost column.
  public var x: Int
  /// The topmost row.
  public var y: Int
  /// Columns, at least 1.
  public var width: Int
  /// Rows, at least 1.
  public var height: Int

  /// Creates a rectangle.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The columns.
  var columns: Range<Int> { x..<x + width }

  /// The rows.
  var rows: Range<Int> { y..<y + height }

  /// Traps unless all of it lies in a picture of the given size.
  func requireInside(width: Int, height: Int) {
    precondition(
      x >= 0 && y >= 0 && self.width > 0 && self.height > 0
        && self.width <= width - x && self.height <= height - y,
      "\(self.width)×\(self.height) at (\(x), \(y)) of a picture of \(width)×\(height)")
  }
}
