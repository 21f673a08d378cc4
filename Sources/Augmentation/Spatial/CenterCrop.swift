import Tensors

/// Cuts out the middle, of a fixed size.
public struct CenterCrop: SpatialOperation {
  /// What it does.
  public static let summary = "Cuts out the middle, of a fixed size."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [.width(\.width), .height(\.height)]

  /// Columns of the part, at least 1.
  public var width = 256
  /// Rows of the part, at least 1.
  public var height = 256
  /// How often it is applied, 0…1.
  public var probability: Float = 1

  /// Creates the operation, for 256×256 pixels.
  public init() {}

  /// Creates the operation.
  public init(width: Int, height: Int, probability: Float = 1) {
    self.width = width
    self.height = height
    self.probability = probability
    requireValid()
  }

  /// Where everything goes; of an odd room the smaller half is left and above.
  ///
  /// - Throws: If the picture is smaller than the part.
  public func map(
    _ drawn: NothingDrawn, for size: PixelSize
  ) throws(AugmentationError) -> FrameMap {
    let part = PixelSize(width: width, height: height)
    try size.requireRoom(for: part, in: Self.name)
    return FrameMap(
      size, x: (size.width - width) / 2, y: (size.height - height) / 2, size: part)
  }
}
