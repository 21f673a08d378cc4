import Images
import Tensors

/// Swaps left and right.
public struct HorizontalFlip: ImageOperation {
  /// `"HorizontalFlip"`.
  public static let name = "HorizontalFlip"

  /// How often it is applied, 0…1.
  public let probability: Float

  /// Creates the operation.
  public init(probability: Float = 0.5) { self.probability = probability }

  /// Nothing is drawn.
  public func draw(width: Int, height: Int, using random: inout SeededRandom) {}

  /// The mirrored picture.
  public func apply(_ parameters: Void, to image: Image) -> Image { image.flippedHorizontally() }
}
