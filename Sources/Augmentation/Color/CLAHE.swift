import Images
import Tensors

/// Equalises the brightness tile by tile, without letting any contrast grow too much.
///
/// As OpenCV does it, on the luma of BT.601; colours keep their distance from it.
///
/// - SeeAlso: K. Zuiderveld, Contrast Limited Adaptive Histogram Equalization, 1994.
public struct CLAHE: PixelOperation {
  /// What it does.
  public static let summary =
    "Equalises the brightness tile by tile, without letting any contrast grow too much."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range(
      "clip", \.clip, in: 1...256,
      "The most that a level may occur in a tile, over the mean of all levels."),
    .integer("tiles", \.tiles, in: 1...64, "Tiles in either direction."),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// The most that a level may occur in a tile, over the mean.
    public var clip: Float
  }

  /// The most that a level may occur in a tile, over the mean of all levels.
  public var clip: ClosedRange<Float> = 1...4
  /// Tiles in either direction.
  public var tiles = 8
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, for 8×8 tiles.
  public init() {}

  /// Creates the operation.
  public init(clip: ClosedRange<Float>, tiles: Int = 8, probability: Float = 0.5) {
    self.clip = clip
    self.tiles = tiles
    self.probability = probability
    requireValid()
  }

  /// Draws the limit.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> Drawn {
    Drawn(clip: random.uniform(in: clip))
  }

  /// Equalises the picture; very small ones have fewer tiles.
  public func changed(_ image: Image, by drawn: Drawn) -> Image {
    let before = image.grey()
    func count(_ side: Int) -> Int { max(1, min(tiles, side / 2)) }
    let after = before.equalizedInTiles(
      columns: count(image.width), rows: count(image.height),
      clip: min(max(drawn.clip, 1), 256))
    return image.channels == 1 ? after : image.adding(differenceFrom: before, to: after)
  }
}
