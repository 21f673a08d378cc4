import Foundation
import Images
import Tensors

/// Takes means along a short line, as if the camera had moved.
public struct MotionBlur: PixelOperation {
  /// What it does.
  public static let summary = "Takes means along a short line, as if the camera had moved."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range("length", \.length, in: 1...99, "The line's length, in pixels."),
    .range(
      "angle", \.angle, in: -180...180, single: .aroundZero,
      "The line's direction in degrees, counterclockwise from the right."),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// The line's length, in pixels.
    public var length: Float
    /// The line's direction in degrees, counterclockwise from the right.
    public var angle: Float
  }

  /// The line's length, in pixels, 1…99.
  public var length: ClosedRange<Float> = 3...9
  /// The line's direction in degrees, counterclockwise from the right.
  public var angle: ClosedRange<Float> = -90...90
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for short lines in all directions.
  public init() {}

  /// Creates the operation.
  public init(
    length: ClosedRange<Float>, angle: ClosedRange<Float> = -90...90, probability: Float = 0.5
  ) {
    self.length = length
    self.angle = angle
    self.probability = probability
    requireValid()
  }

  /// Draws the line.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(length: random.uniform(in: length), angle: random.uniform(in: angle))
  }

  /// Blurs the picture, mirrored at its borders.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    let taps = Self.taps(
      length: Double(min(max(drawn.length, 1), 99)), angle: Double(drawn.angle) * .pi / 180)
    return taps.count == 1 ? image : image.gathered(taps)
  }

  /// The line as pixels: each of its points gives the four around it their share.
  private static func taps(length: Double, angle: Double) -> [(x: Int, y: Int, weight: UInt16)] {
    struct Place: Hashable, Comparable {
      let x: Int, y: Int
      static func < (a: Place, b: Place) -> Bool { (a.y, a.x) < (b.y, b.x) }
    }
    let steps = max(Int(length.rounded()), 1)
    var shares: [Place: Double] = [:]
    for step in 0..<steps {
      let along = steps == 1 ? 0 : (Double(step) / Double(steps - 1) - 0.5) * (length - 1)
      let x = along * cos(angle), y = -along * sin(angle)
      let left = x.rounded(.down), top = y.rounded(.down)
      for (across, down) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let share =
          (across == 1 ? x - left : 1 - x + left) * (down == 1 ? y - top : 1 - y + top)
        shares[Place(x: Int(left) + across, y: Int(top) + down), default: 0] += share
      }
    }
    // What rounding leaves over is handed on to the next pixel, so that the sum is kept.
    var rest = 0.5, taps: [(x: Int, y: Int, weight: UInt16)] = []
    for (place, share) in shares.sorted(by: { $0.key < $1.key }) {
      let exact = 256 * share / Double(steps) + rest
      let weight = exact.rounded(.down)
      rest = exact - weight
      if weight > 0 { taps.append((place.x, place.y, UInt16(weight))) }
    }
    // The sum of the shares is one but for rounding.
    let missing = 256 - taps.reduce(0) { $0 + Int($1.weight) }
    taps[taps.count / 2].weight = UInt16(Int(taps[taps.count / 2].weight) + missing)
    return taps
  }
}
