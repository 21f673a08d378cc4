import Images
import Tensors

/// Cuts out a part of a fixed size, at a random place.
public struct RandomCrop: ImageOperation {
  /// `"RandomCrop"`.
  public static let name = "RandomCrop"

  /// Columns of the part, at least 1.
  public let width: Int
  /// Rows of the part, at least 1.
  public let height: Int
  /// How often it is applied, 0…1.
  public let probability: Float

  /// Creates the operation.
  public init(width: Int, height: Int, probability: Float = 1) {
    precondition(width > 0 && height > 0, "a crop of \(width)×\(height)")
    self.width = width
    self.height = height
    self.probability = probability
  }

  /// Draws the place; all are equally likely.
  ///
  /// - Throws: If the picture is smaller than the part.
  public func draw(
    width: Int, height: Int, using random: inout SeededRandom
  ) throws(AugmentationError) -> PixelRectangle {
    guard self.width <= width, self.height <= height else {
      throw .cropTooLarge(
        operation: Self.name, crop: "\(self.width)×\(self.height)", picture: "\(width)×\(height)")
    }
    let x = random.integer(below: width - self.width + 1)
    let y = random.integer(below: height - self.height + 1)
    return PixelRectangle(x: x, y: y, width: self.width, height: self.height)
  }

  /// The part inside the rectangle.
  public func apply(_ parameters: PixelRectangle, to image: Image) -> Image {
    image.cropped(to: parameters)
  }
}
