import Images
import Tensors

/// Scales to one size, whatever the picture's shape.
public struct Resize: SpatialOperation {
  /// What it does.
  public static let summary = "Scales to one size, whatever the picture's shape."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .width(\.width), .height(\.height), .resampling(\.resampling),
  ]

  /// Columns of the result, at least 1.
  public var width = 256
  /// Rows of the result, at least 1.
  public var height = 256
  /// How levels between pixels are found.
  public var resampling = Resampling.bicubic
  /// How often it is applied, 0…1.
  public var probability: Float = 1

  /// Creates the operation, for 256×256 pixels.
  public init() {}

  /// Creates the operation.
  public init(width: Int, height: Int, resampling: Resampling = .bicubic, probability: Float = 1) {
    self.width = width
    self.height = height
    self.resampling = resampling
    self.probability = probability
    requireValid()
  }

  /// Where everything goes.
  ///
  /// - Throws: `AugmentationError.tooLarge`.
  public func map(
    _ drawn: NothingDrawn, for size: PixelSize
  ) throws(AugmentationError) -> ScaleMap {
    let result = PixelSize(width: width, height: height)
    try result.requireUsable(by: Self.name)
    return ScaleMap(size.rectangle, to: result, by: resampling)
  }
}
