import Foundation
import Images
import Tensors

/// Adds normally distributed noise.
public struct GaussNoise: PixelOperation {
  /// What it does.
  public static let summary = "Adds normally distributed noise."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range(
      "deviation", \.deviation, in: 0...1, "Standard deviation of the noise, as a share of white."),
    .flag("isGrey", \.isGrey, "Whether all colours of a pixel get the same."),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// Standard deviation of the noise, as a share of white.
    public var deviation: Float
    /// Where the noise comes from.
    public var seed: UInt32
  }

  /// Standard deviation of the noise, as a share of white.
  public var deviation: ClosedRange<Float> = 0.02...0.08
  /// Whether all colours of a pixel get the same.
  public var isGrey = false
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for moderate noise.
  public init() {}

  /// Creates the operation.
  public init(deviation: ClosedRange<Float>, isGrey: Bool = false, probability: Float = 0.5) {
    self.deviation = deviation
    self.isGrey = isGrey
    self.probability = probability
    requireValid()
  }

  /// Draws the strength, and a seed for the noise.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(deviation: random.uniform(in: deviation), seed: random.seed())
  }

  /// Adds the noise.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    let levels = NormalLevels.levels(deviation: 255 * drawn.deviation)
    return image.addingNoise(levels, shared: isGrey, seed: drawn.seed)
  }
}

/// The normal distribution as many equally likely levels.
enum NormalLevels {
  /// The middles of equally likely parts of the standard normal distribution.
  private static let quantiles: [Float] = {
    let count = Image.noiseLevels
    // The lower half; the upper one mirrors it.
    let lower = (0..<count / 2).map { index -> Float in
      let share = (Double(index) + 0.5) / Double(count)
      // Between bounds that surely hold it, the place whose share it is.
      var low = -8.0, high = 0.0
      for _ in 0..<40 {
        let middle = (low + high) / 2
        if 0.5 * erfc(-middle / 2.0.squareRoot()) < share { low = middle } else { high = middle }
      }
      return Float((low + high) / 2)
    }
    return lower + lower.reversed().map(-)
  }()

  /// Equally likely levels of a normal distribution, rounded.
  static func levels(deviation: Float) -> [Int16] {
    quantiles.map { Int16(min(max($0 * deviation, -4000), 4000).rounded()) }
  }
}
