import Images
import Tensors

/// One landscape of the Seasons data set: all that both its seasons have in common.
public struct SeasonsScene: Sendable {
  /// Where the ground plane ends, in picture heights from the top.
  let horizon: Float
  let sky: Sky
  /// Ranges and hills behind the ground plane, the farthest first.
  let ridges: [Ridge]
  let ground: Ground
  let lake: Lake?
  let path: Path?
  /// Things that stand on the ground plane, the farthest first.
  let props: [Prop]

  private let key: (seed: UInt64, index: Int)

  /// Draws up the scene of a key; nothing is painted yet.
  init(seed: UInt64, index: Int) {
    key = (seed, index)
    func random(_ purpose: RandomPurpose) -> SeededRandom {
      SeededRandom(seed: seed, index: index, purpose: purpose)
    }
    var frame = random("seasons frame")
    horizon = frame.uniform(in: 0.44...0.70)
    var skyRandom = random("seasons sky")
    sky = Sky(horizon: horizon, random: &skyRandom)
    var ridgeRandom = random("seasons ridges")
    ridges = Ridge.ranges(horizon: horizon, random: &ridgeRandom)
    var groundRandom = random("seasons ground")
    ground = Ground(random: &groundRandom)
    var lakeRandom = random("seasons lake")
    lake = lakeRandom.chance(0.45) ? Lake(horizon: horizon, random: &lakeRandom) : nil
    var pathRandom = random("seasons path")
    path = lake == nil && pathRandom.chance(0.5) ? Path(random: &pathRandom) : nil
    var propRandom = random("seasons props")
    props = Prop.arrangement(horizon: horizon, lake: lake, path: path, random: &propRandom)
  }

  /// Paints the scene, at any size; what is seen grows with the aspect ratio.
  ///
  /// - Parameters:
  ///   - season: Which of the two faces of the scene.
  ///   - width: Columns of the picture, at least 1.
  ///   - height: Rows of the picture, at least 1.
  /// - Returns: Three channels; the same bytes on every machine.
  public func picture(season: Season, width: Int, height: Int) -> Image {
    var painter = ScenePainter(scene: self, season: season, width: width, height: height)
    return painter.paint()
  }
}

/// Clouds and sun.
struct Sky: Sendable {
  let light: Light
  let sun: Point
  /// The sun's disc is to be seen.
  let showsSun: Bool
  /// Share of the sky that clouds cover, about 0…1.
  let cloudiness: Float
  let cloudSize: Float
  /// How much of far things the haze takes, 0…1.
  let haze: Float
  let noise: UInt32

  init(horizon: Float, random: inout SeededRandom) {
    light = Light(random: &random)
    let side: Float = random.chance(0.5) ? -1 : 1
    sun = Point(side * random.uniform(in: 0.08...0.48), horizon * random.uniform(in: 0.1...0.7))
    showsSun = random.chance(0.4)
    cloudiness = random.uniform(in: 0.1...0.75)
    cloudSize = random.uniform(in: 0.7...1.5)
    haze = random.uniform(in: 0.25...0.9)
    noise = UInt32(truncatingIfNeeded: random.next())
  }
}

/// A range of mountains or hills across the whole picture.
struct Ridge: Sendable {
  enum Cover: Sendable { case rock, forest, meadow }

  let cover: Cover
  /// Height of the foot and reach of the crest above it, in picture heights.
  let foot: Float, rise: Float
  /// Crests in one picture height.
  let frequency: Float
  /// 0 near … 1 as far as can be seen.
  let distance: Float
  /// Where conifers give way to broad-leaved trees: share of conifers, 0…1.
  let conifers: Float
  /// Trees for each unit of width.
  let density: Float
  let noise: UInt32

  static func ranges(horizon: Float, random: inout SeededRandom) -> [Ridge] {
    var ranges: [Ridge] = []
    let mountains = random.chance(0.25) ? 0 : 1 + random.integer(below: 3)
    for number in 0..<mountains {
      let nearness = Float(number) / Float(max(mountains, 2))
      ranges.append(
        Ridge(
          cover: .rock, foot: horizon,
          rise: horizon * random.uniform(in: 0.3...0.8)
            * (1 - 0.45 * nearness), frequency: random.uniform(in: 1.1...2.2) * (1 + nearness),
          distance: 1 - 0.4 * nearness, random: &random))
    }
    let hills = 1 + random.integer(below: 3)
    for number in 0..<hills {
      let nearness = Float(number + 1) / Float(hills + 1)
      ranges.append(
        Ridge(
          cover: random.chance(0.72) ? .forest : .meadow, foot: horizon,
          rise: horizon * random.uniform(in: 0.14...0.36) * (1.1 - 0.6 * nearness),
          frequency: random.uniform(in: 0.9...2.2), distance: 0.5 * (1 - nearness),
          random: &random))
    }
    return ranges
  }

  private init(
    cover: Cover, foot: Float, rise: Float, frequency: Float, distance: Float,
    random: inout SeededRandom
  ) {
    self.cover = cover
    self.foot = foot
    self.rise = rise
    self.frequency = frequency
    self.distance = distance
    conifers = random.uniform(in: 0.15...0.85)
    density = cover == .forest ? random.uniform(in: 130...260) : random.uniform(in: 5...40)
    noise = UInt32(truncatingIfNeeded: random.next())
  }
}

/// The meadow of the foreground.
struct Ground: Sendable {
  /// 0 lush … 1 dry.
  let dryness: Float
  /// How strongly the ground rolls, 0…1.
  let relief: Float
  /// Share of ground with flowers, 0…1, and which of the flower colours.
  let flowers: Float
  let flowerColor: Int
  let tufts: Int
  let noise: UInt32

  init(random: inout SeededRandom) {
    dryness = random.uniform() * random.uniform()
    relief = random.uniform(in: 0.5...1)
    flowers = random.chance(0.5) ? random.uniform(in: 0.1...0.6) : 0
    flowerColor = random.integer(below: 4)
    tufts = 20 + random.integer(below: 60)
    noise = UInt32(truncatingIfNeeded: random.next())
  }
}
