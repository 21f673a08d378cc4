import Foundation
import Images
import Tensors

/// Takes means of neighbours, weighted by a bell.
public struct GaussianBlur: PixelOperation {
  /// What it does.
  public static let summary = "Takes means of neighbours, weighted by a bell."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range("sigma", \.sigma, in: 0.01...30, "Standard deviation of the bell, in pixels.")
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// Standard deviation of the bell, in pixels.
    public var sigma: Float
  }

  /// Standard deviation of the bell, in pixels.
  public var sigma: ClosedRange<Float> = 0.5...2
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for a moderate blur.
  public init() {}

  /// Creates the operation.
  public init(sigma: ClosedRange<Float>, probability: Float = 0.5) {
    self.sigma = sigma
    self.probability = probability
    requireValid()
  }

  /// Draws the width of the bell.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(sigma: random.uniform(in: sigma))
  }

  /// Blurs the picture, mirrored at its borders.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    let weights = Self.weights(sigma: Double(min(max(drawn.sigma, 0.01), 30)))
    return weights.count == 1 ? image : image.filtered(weightsX: weights, weightsY: weights)
  }

  /// The bell in 256ths, cut off where it is below half of one.
  private static func weights(sigma: Double) -> [UInt16] {
    let radius = Int((3.5 * sigma).rounded(.up))
    let bell = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    let sum = bell.reduce(0, +)
    // What rounding leaves over is handed on to the next weight inwards, from both ends.
    var half: [Int] = []
    var rest = 0.0
    for value in bell.prefix(radius) {
      let exact = 256 * value / sum + rest
      half.append(Int(exact.rounded()))
      rest = exact - exact.rounded()
    }
    let side = Array(half.drop { $0 == 0 })
    let all = side + [256 - 2 * side.reduce(0, +)] + side.reversed()
    return all.map { UInt16($0) }
  }
}
