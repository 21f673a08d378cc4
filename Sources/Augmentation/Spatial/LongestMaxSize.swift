import Images
import Tensors

/// Scales so that the longer side has a length; the shape stays.
public struct LongestMaxSize: SpatialOperation {
  /// What it does.
  public static let summary = "Scales so that the longer side has a length; the shape stays."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .integer(
      "size", \.size, in: 1...PixelSize.longest, required: true,
      "Pixels along the longer side of the result."),
    .resampling(\.resampling),
  ]

  /// Pixels along the longer side of the result, at least 1.
  public var size = 256
  /// How levels between pixels are found.
  public var resampling = Resampling.bicubic
  /// How often it is applied, 0…1.
  public var probability: Float = 1

  /// Creates the operation, for 256 pixels.
  public init() {}

  /// Creates the operation.
  public init(size: Int, resampling: Resampling = .bicubic, probability: Float = 1) {
    self.size = size
    self.resampling = resampling
    self.probability = probability
    requireValid()
  }

  /// Where everything goes; the other side is rounded to the nearest pixel.
  ///
  /// - Throws: If that side becomes longer than pictures may be.
  public func map(
    _ drawn: NothingDrawn, for size: PixelSize
  ) throws(AugmentationError) -> ScaleMap {
    let result = size.scaled(by: self.size, over: size.longer)
    try result.requireUsable(by: Self.name)
    return ScaleMap(size.rectangle, to: result, by: resampling)
  }
}
