import Images
import Tensors

/// Keeps only the highest bits of each level.
public struct Posterize: PixelOperation {
  /// What it does.
  public static let summary = "Keeps only the highest bits of each level."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .integerRange("bits", \.bits, in: 1...8, "Bits that are kept, of 8.")
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// Bits that are kept.
    public var bits: Int
  }

  /// Bits that are kept, 1…8.
  public var bits = 4...4
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for 4 bits.
  public init() {}

  /// Creates the operation.
  public init(bits: ClosedRange<Int>, probability: Float = 0.5) {
    self.bits = bits
    self.probability = probability
    requireValid()
  }

  /// Draws the number of bits.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(bits: random.integer(in: bits))
  }

  /// Changes the levels.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    let mask = UInt8(truncatingIfNeeded: 0xff00 >> min(max(drawn.bits, 0), 8))
    return image.lookedUp([(0...255).map { UInt8($0) & mask }])
  }
}
