import Tensors

/// Something that stands on the ground plane.
struct Prop: Sendable {
  enum Kind: Sendable { case conifer, broadleaf, birch, shrub, rock, cabin }

  let kind: Kind
  /// Where it meets the ground.
  let foot: Point
  /// Its height, in picture heights.
  let height: Float
  let seed: UInt64

  /// Draws up all that stands in a scene, the farthest first.
  static func arrangement(
    horizon: Float, lake: Lake?, path: Path?, random: inout SeededRandom
  ) -> [Prop] {
    var site = Site(horizon: horizon, lake: lake, path: path, props: [])
    if random.chance(0.38) { site.buildCabin(random: &random) }
    if lake != nil { site.plantFarShore(random: &random) }
    for _ in 0..<(6 + random.integer(below: 10)) { site.plantGroup(random: &random) }
    for _ in 0..<random.integer(below: 12) { site.layRock(random: &random) }
    if random.chance(0.6) { site.plantFrame(random: &random) }
    return site.props.sorted { $0.foot.y < $1.foot.y }
  }
}

/// The ground while things are being put on it.
private struct Site {
  let horizon: Float
  let lake: Lake?
  let path: Path?
  var props: [Prop]

  /// Position on the ground, by nearness from 0 (horizon) to 1 (bottom of the picture).
  private func position(_ x: Float, nearness: Float) -> Point {
    Point(x, mix(horizon, 1, nearness))
  }

  /// How high a grown tree is at a nearness.
  private func treeHeight(_ nearness: Float) -> Float { 0.06 + 0.62 * nearness }

  private func isFree(_ place: Point, nearness: Float, margin: Float) -> Bool {
    if let lake, lake.covers(place, margin: 0.012 + 0.04 * nearness) { return false }
    if let path {
      let course = path.course(at: nearness)
      if abs(place.x - course.middle) < course.halfWidth + margin * 0.5 { return false }
    }
    return !props.contains { prop in
      prop.kind == .cabin && abs(place.x - prop.foot.x - prop.height * 0.4) < prop.height * 1.2
        && place.y > prop.foot.y - prop.height * 0.2 && place.y < prop.foot.y + prop.height * 0.7
    }
  }

  private mutating func put(
    _ kind: Prop.Kind, x: Float, nearness: Float, height: Float, random: inout SeededRandom
  ) {
    let place = position(x, nearness: nearness)
    guard isFree(place, nearness: nearness, margin: height * 0.3) else { return }
    props.append(Prop(kind: kind, foot: place, height: height, seed: random.next()))
  }

  mutating func buildCabin(random: inout SeededRandom) {
    let nearness = random.uniform(in: 0.10...0.42)
    put(
      .cabin, x: random.uniform(in: -0.36...0.26), nearness: nearness,
      height: treeHeight(nearness) * random.uniform(in: 0.45...0.6), random: &random)
  }

  mutating func plantFarShore(random: inout SeededRandom) {
    let conifers = random.uniform(in: 0.1...0.9)
    for _ in 0..<(25 + random.integer(below: 60)) {
      let x = random.uniform(in: -1...1), nearness = 0.03 * random.uniform()
      let kind: Prop.Kind = random.chance(conifers) ? .conifer : .broadleaf
      put(
        kind, x: x, nearness: nearness,
        height: treeHeight(nearness) * random.uniform(in: 0.5...1.15), random: &random)
    }
  }

  mutating func plantGroup(random: inout SeededRandom) {
    let kinds: [Prop.Kind] = [.conifer, .conifer, .broadleaf, .broadleaf, .birch]
    let main = kinds[random.integer(below: kinds.count)]
    let middle = random.uniform() * random.uniform(in: 0.1...0.62)
    let side: Float = random.chance(0.5) ? -1 : 1
    // Near groups keep to the sides, so that the view stays open.
    let x =
      side * mix(random.uniform(in: 0...0.75), random.uniform(in: 0.3...0.7), min(1, middle * 2))
    for _ in 0..<(2 + random.integer(below: 8)) {
      let nearness = clamped(middle + random.uniform(in: -0.06...0.06))
      let kind = random.chance(0.8) ? main : kinds[random.integer(below: kinds.count)]
      put(
        random.chance(0.2) ? .shrub : kind,
        x: x + random.uniform(in: -0.22...0.22) * (0.4 + nearness), nearness: nearness,
        height: treeHeight(nearness) * random.uniform(in: 0.6...1.15), random: &random)
    }
  }

  mutating func layRock(random: inout SeededRandom) {
    let nearness = random.uniform() * 0.95
    put(
      .rock, x: random.uniform(in: -0.9...0.9), nearness: nearness,
      height: (0.012 + 0.09 * nearness) * random.uniform(in: 0.5...1.3), random: &random)
  }

  /// A large tree at one side that frames the view.
  mutating func plantFrame(random: inout SeededRandom) {
    let kinds: [Prop.Kind] = [.conifer, .broadleaf, .birch]
    let side: Float = random.chance(0.5) ? -1 : 1
    let nearness = random.uniform(in: 0.45...0.8)
    put(
      kinds[random.integer(below: kinds.count)], x: side * random.uniform(in: 0.32...0.52),
      nearness: nearness, height: treeHeight(nearness) * random.uniform(in: 0.9...1.2),
      random: &random)
  }
}
