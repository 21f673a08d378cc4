import Foundation
import Images
import Tensors

/// Raises levels, as shares of white, to a power.
public struct RandomGamma: PixelOperation {
  /// What it does.
  public static let summary = "Raises levels, as shares of white, to a power."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range("gamma", \.gamma, in: 0.01...100, "The power; below 1 brightens.")
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// The power.
    public var gamma: Float
  }

  /// The power; below 1 brightens.
  public var gamma: ClosedRange<Float> = 0.8...1.2
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for moderate changes.
  public init() {}

  /// Creates the operation.
  public init(gamma: ClosedRange<Float>, probability: Float = 0.5) {
    self.gamma = gamma
    self.probability = probability
    requireValid()
  }

  /// Draws the power.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(gamma: random.uniform(in: gamma))
  }

  /// Changes the levels.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    image.lookedUp([LevelTable.table { 255 * pow($0 / 255, drawn.gamma) }])
  }
}
