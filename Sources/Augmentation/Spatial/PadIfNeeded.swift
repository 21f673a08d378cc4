import Tensors

/// Adds pixels evenly on all sides, up to a least size.
public struct PadIfNeeded: SpatialOperation {
  /// What it does.
  public static let summary = "Adds pixels evenly on all sides, up to a least size."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .integer(
      "width", \.width, in: 1...PixelSize.longest, required: true,
      "The least number of columns."),
    .integer(
      "height", \.height, in: 1...PixelSize.longest, required: true, "The least number of rows."),
    .border(\.border), .fill(\.fill),
  ]

  /// The least number of columns.
  public var width = 256
  /// The least number of rows.
  public var height = 256
  /// What is added.
  public var border = Border.fill
  /// The level that is added, 0…255.
  public var fill = 0
  /// How often it is applied, 0…1.
  public var probability: Float = 1

  /// Creates the operation, for 256×256 pixels.
  public init() {}

  /// Creates the operation.
  public init(
    width: Int, height: Int, border: Border = .fill, fill: Int = 0, probability: Float = 1
  ) {
    self.width = width
    self.height = height
    self.border = border
    self.fill = fill
    self.probability = probability
    requireValid()
  }

  /// Where everything goes; of an odd number of pixels the smaller half is left and above.
  ///
  /// - Throws: `AugmentationError.tooLarge`.
  public func map(
    _ drawn: NothingDrawn, for size: PixelSize
  ) throws(AugmentationError) -> FrameMap {
    let result = PixelSize(width: max(width, size.width), height: max(height, size.height))
    try result.requireUsable(by: Self.name)
    return FrameMap(
      size, x: -((result.width - size.width) / 2), y: -((result.height - size.height) / 2),
      size: result, border: border, fill: UInt8(fill))
  }
}
