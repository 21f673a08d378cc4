import Images
import Tensors

/// Covers random rectangles with one level.
///
/// Keypoints under them are dropped; boxes lose the share of their area that is covered from
/// their visibility. Masks keep what they had, unless they are to be covered too.
///
/// - SeeAlso: DeVries and Taylor, arXiv:1708.04552.
public struct CoarseDropout: ImageOperation {
  /// What it does.
  public static let summary = "Covers random rectangles with one level."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .integerRange("count", \.count, in: 1...1000, "How many rectangles."),
    .range("size", \.size, in: 0.001...1, "Their sides, as shares of the width and the height."),
    .integer("fill", \.fill, in: 0...255, "The level."),
    .flag("fillsMasks", \.fillsMasks, "Whether masks are covered with 0 too."),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// Rectangles as left edge, top edge, width and height, as shares of the picture.
    public var holes: [[Double]]
  }

  /// How many rectangles.
  public var count = 1...8
  /// Their sides, as shares of the width and the height.
  public var size: ClosedRange<Float> = 0.05...0.15
  /// The level, 0…255.
  public var fill = 0
  /// Whether masks are covered with 0 too.
  public var fillsMasks = false
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for up to eight small rectangles.
  public init() {}

  /// Creates the operation.
  public init(
    count: ClosedRange<Int>, size: ClosedRange<Float> = 0.05...0.15, fill: Int = 0,
    fillsMasks: Bool = false, probability: Float = 0.5
  ) {
    self.count = count
    self.size = size
    self.fill = fill
    self.fillsMasks = fillsMasks
    self.probability = probability
    requireValid()
  }

  /// Draws the rectangles, all of them inside the picture.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    let count = random.integer(in: self.count)
    return Drawn(holes: (0..<count).map { _ in random.hole(sides: self.size) })
  }

  /// Covers the rectangles.
  public func apply(_ drawn: Drawn, to picture: inout AnnotatedImage) {
    let holes = drawn.holes.compactMap { PixelRectangle(hole: $0, in: picture.size) }
    picture.recolor { $0.covered(at: holes, by: UInt8(fill)) }
    picture.coverLabels(at: holes, masks: fillsMasks)
  }
}
