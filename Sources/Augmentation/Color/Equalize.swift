import Images
import Tensors

/// Spreads the levels of each channel so that all occur about equally often.
///
/// As OpenCV's `equalizeHist` does it.
public struct Equalize: PixelOperation {
  /// What it does.
  public static let summary =
    "Spreads the levels of each channel so that all occur about equally often."
  /// Nothing can be set.
  public static let options: [OperationOption<Self>] = []

  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for every second picture.
  public init() {}

  /// Creates the operation.
  public init(probability: Float) { self.probability = probability }

  /// The equalised picture.
  public func changed(_ image: Image, by drawn: NothingDrawn) -> Image {
    image.lookedUp(image.levelCounts().prefix(image.colors).map(Self.table))
  }

  private static func table(_ counts: [UInt32]) -> [UInt8] {
    let total = counts.reduce(0, +), first = counts.first { $0 > 0 } ?? total
    guard total > first else { return (0...255).map { UInt8($0) } }
    let scale = 255 / Float(total - first)
    var sum: UInt32 = 0, hasBegun = false
    return counts.map { count in
      if hasBegun { sum += count }
      hasBegun = hasBegun || count > 0
      return LevelTable.level(Float(sum) * scale)
    }
  }
}
