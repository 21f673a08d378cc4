/// Columns and rows of a picture.
public struct PixelSize: Sendable, Equatable, Codable, CustomStringConvertible {
  /// Columns, at least 1.
  public var width: Int
  /// Rows, at least 1.
  public var height: Int

  /// Creates a size.
  public init(width: Int, height: Int) {
    precondition(width > 0 && height > 0, "a size of \(width)×\(height)")
    self.width = width
    self.height = height
  }

  /// As people write it: `640×480`.
  public var description: String { "\(width)×\(height)" }

  /// Pixels along the shorter side.
  var shorter: Int { min(width, height) }

  /// Pixels along the longer side.
  var longer: Int { max(width, height) }

  /// The size with both sides times a fraction, rounded to whole pixels, at least 1.
  func scaled(by numerator: Int, over denominator: Int) -> PixelSize {
    func scaled(_ side: Int) -> Int {
      max(1, (2 * side * numerator + denominator) / (2 * denominator))
    }
    return PixelSize(width: scaled(width), height: scaled(height))
  }
}
