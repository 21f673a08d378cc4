import Images
import Tensors

/// Takes the colour away, by the weights of BT.601; the channels stay.
public struct ToGray: PixelOperation {
  /// What it does.
  public static let summary = "Takes the colour away, by the weights of BT.601."
  /// Nothing can be set.
  public static let options: [OperationOption<Self>] = []

  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for every second picture.
  public init() {}

  /// Creates the operation.
  public init(probability: Float) { self.probability = probability }

  /// The picture without colour.
  public func changed(_ image: Image, by drawn: NothingDrawn) -> Image {
    image.colors == 1 ? image : image.withoutColor()
  }
}
