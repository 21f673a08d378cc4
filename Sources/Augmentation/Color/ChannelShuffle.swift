import Images
import Tensors

/// Puts red, green and blue in another order; pictures without colour stay.
public struct ChannelShuffle: PixelOperation {
  /// What it does.
  public static let summary = "Puts red, green and blue in another order."
  /// Nothing can be set.
  public static let options: [OperationOption<Self>] = []

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// The old numbers of the new channels.
    public var order: [Int]
  }

  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for every second picture.
  public init() {}

  /// Creates the operation.
  public init(probability: Float) { self.probability = probability }

  /// Draws the order; all six are equally likely.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(order: random.permutation(of: 3))
  }

  /// The picture with its channels in another order.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    guard image.colors == 3, drawn.order.sorted() == [0, 1, 2] else { return image }
    var matrix = [Float](repeating: 0, count: 12)
    for (channel, old) in drawn.order.enumerated() { matrix[4 * channel + old] = 1 }
    return image.adjusted([.matrix(matrix)])
  }
}
