import Images
import Tensors

/// A change to a picture whose strength is drawn at random.
///
/// Drawing and applying are apart: what was drawn can be kept and applied again, also to
/// something else that belongs to the picture.
public protocol ImageOperation: Sendable {
  /// What is drawn for each picture.
  associatedtype Parameters: Sendable

  /// The name under which recipes and errors know the operation.
  static var name: String { get }

  /// How often a pipeline applies the operation: 0 never, 1 always.
  var probability: Float { get }

  /// Draws what is to be done to a picture of some size.
  ///
  /// - Throws: If the operation cannot be applied to such a picture.
  func draw(
    width: Int, height: Int, using random: inout SeededRandom
  ) throws(AugmentationError) -> Parameters

  /// Does to a picture what was drawn for its size.
  func apply(_ parameters: Parameters, to image: Image) -> Image
}

extension ImageOperation {
  /// Draws and applies at once, whatever the probability.
  ///
  /// - Throws: If the operation cannot be applied to such a picture.
  public func apply(
    to image: Image, using random: inout SeededRandom
  ) throws(AugmentationError) -> Image {
    apply(try draw(width: image.width, height: image.height, using: &random), to: image)
  }
}
