import Tensors

/// Turns by none to three quarter turns, all equally likely.
public struct RandomRotate90: SpatialOperation {
  /// What it does.
  public static let summary = "Turns by none to three quarter turns, all equally likely."
  /// Nothing can be set.
  public static let options: [OperationOption<Self>] = []

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// Clockwise quarter turns, 0…3.
    public var quarterTurns: Int
  }

  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for every second picture.
  public init() {}

  /// Creates the operation.
  public init(probability: Float) { self.probability = probability }

  /// Draws the turns.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(quarterTurns: random.integer(below: 4))
  }

  /// Where everything goes.
  public func map(_ drawn: Drawn, for size: PixelSize) -> TurnMap {
    TurnMap(size, quarterTurns: drawn.quarterTurns)
  }
}
