import Images
import Tensors

/// Scales pictures so that the shorter side has a length; the shape stays.
public struct SmallestMaxSize: ImageOperation {
  /// `"SmallestMaxSize"`.
  public static let name = "SmallestMaxSize"

  /// Pixels along the shorter side of the result, at least 1.
  public let size: Int
  /// How levels between pixels are found.
  public let resampling: Resampling
  /// How often it is applied, 0…1.
  public let probability: Float

  /// Creates the operation.
  public init(size: Int, resampling: Resampling = .bicubic, probability: Float = 1) {
    precondition(size > 0, "scaling the shorter side to \(size)")
    self.size = size
    self.resampling = resampling
    self.probability = probability
  }

  /// Nothing is drawn.
  public func draw(width: Int, height: Int, using random: inout SeededRandom) {}

  /// The picture at the new size; the longer side is rounded to the nearest pixel.
  public func apply(_ parameters: Void, to image: Image) -> Image {
    let shorter = min(image.width, image.height)
    func scaled(_ side: Int) -> Int { (2 * side * size + shorter) / (2 * shorter) }
    return image.resized(
      width: scaled(image.width), height: scaled(image.height), by: resampling)
  }
}
