import Images
import Tensors

/// Inverts levels from a threshold on.
public struct Solarize: PixelOperation {
  /// What it does.
  public static let summary = "Inverts levels from a threshold on."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range("threshold", \.threshold, in: 0...1, "The threshold, as a share of white.")
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// The threshold, as a share of white.
    public var threshold: Float
  }

  /// The threshold, as a share of white.
  public var threshold: ClosedRange<Float> = 0.5...0.5
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for half of white.
  public init() {}

  /// Creates the operation.
  public init(threshold: ClosedRange<Float>, probability: Float = 0.5) {
    self.threshold = threshold
    self.probability = probability
    requireValid()
  }

  /// Draws the threshold.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(threshold: random.uniform(in: threshold))
  }

  /// Changes the levels.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    image.lookedUp([
      LevelTable.table { $0 >= drawn.threshold * 255 ? 255 - $0 : $0 }
    ])
  }
}
