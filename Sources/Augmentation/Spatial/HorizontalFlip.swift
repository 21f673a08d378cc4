import Tensors

/// Swaps left and right.
public struct HorizontalFlip: SpatialOperation {
  /// What it does.
  public static let summary = "Swaps left and right."
  /// Nothing can be set.
  public static let options: [OperationOption<Self>] = []

  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for every second picture.
  public init() {}

  /// Creates the operation.
  public init(probability: Float) { self.probability = probability }

  /// Where everything goes.
  public func map(_ drawn: NothingDrawn, for size: PixelSize) -> TurnMap {
    TurnMap(size, mirrors: true)
  }
}
