import Images
import Tensors

/// Operations applied one after the other, each with its probability.
///
/// The outcome depends on the key of the picture (seed, epoch, index, stream) and on the place of
/// each operation, never on threads or on the order in which pictures come.
public struct Pipeline: Sendable {
  /// The operations, the first to be applied first.
  public let operations: [any ImageOperation]

  /// Creates a pipeline; an empty one changes nothing.
  public init(_ operations: [any ImageOperation]) {
    for operation in operations {
      precondition(
        (0...1).contains(operation.probability),
        "\(type(of: operation).name) with probability \(operation.probability)")
    }
    self.operations = operations
  }

  /// Applies the operations to the picture of a key.
  ///
  /// - Parameters:
  ///   - image: The picture.
  ///   - seed: The seed of the run.
  ///   - epoch: How often the picture has been used before, or which copy is made.
  ///   - index: Which picture.
  ///   - stream: Keeps pictures apart that share an index, such as those of two domains.
  /// - Throws: If an operation cannot be applied to a picture of this size.
  public func apply(
    to image: Image, seed: UInt64, epoch: Int = 0, index: Int = 0, stream: String = ""
  ) throws(AugmentationError) -> Image {
    var image = image
    for (place, operation) in operations.enumerated() {
      let purpose = RandomPurpose("augment \(stream) \(place) \(type(of: operation).name)")
      var random = SeededRandom(seed: seed, epoch: epoch, index: index, purpose: purpose)
      guard random.chance(operation.probability) else { continue }
      image = try operation.apply(to: image, using: &random)
    }
    return image
  }
}
