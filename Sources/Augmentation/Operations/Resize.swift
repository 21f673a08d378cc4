import Images
import Tensors

/// Scales pictures to one size, whatever their shape.
public struct Resize: ImageOperation {
  /// `"Resize"`.
  public static let name = "Resize"

  /// Columns of the result, at least 1.
  public let width: Int
  /// Rows of the result, at least 1.
  public let height: Int
  /// How levels between pixels are found.
  public let resampling: Resampling
  /// How often it is applied, 0…1.
  public let probability: Float

  /// Creates the operation.
  public init(width: Int, height: Int, resampling: Resampling = .bicubic, probability: Float = 1) {
    precondition(width > 0 && height > 0, "scaling to \(width)×\(height)")
    self.width = width
    self.height = height
    self.resampling = resampling
    self.probability = probability
  }

  /// Nothing is drawn.
  public func draw(width: Int, height: Int, using random: inout SeededRandom) {}

  /// The picture at the new size.
  public func apply(_ parameters: Void, to image: Image) -> Image {
    image.resized(width: width, height: height, by: resampling)
  }
}
