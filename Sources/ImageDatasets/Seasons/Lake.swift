import Tensors

/// A lake on the ground plane, bounded in every column by a far and a near shore.
struct Lake: Sendable {
  let center: Point
  /// Half its extents.
  let radii: Point
  /// 0 deep blue … 1 turquoise.
  let tint: Float
  let noise: UInt32

  init(horizon: Float, random: inout SeededRandom) {
    let depth = 1 - horizon
    let reach = depth * random.uniform(in: 0.16...0.34)
    center = Point(
      random.uniform(in: -0.3...0.3), horizon + reach + depth * random.uniform(in: 0.03...0.14))
    radii = Point(random.uniform(in: 0.35...1.1), reach)
    tint = random.uniform()
    noise = UInt32(truncatingIfNeeded: random.next())
  }

  /// Far and near shore in the column at `x`, or nil where there is no water.
  func shores(atX x: Float) -> (far: Float, near: Float)? {
    let offset = (x - center.x) / radii.x
    guard abs(offset) < 1 else { return nil }
    let noise = Noise(seed: noise)
    let half = (1 - offset * offset).squareRoot()
    let far = radii.y * half * (0.86 + 0.14 * noise.fractal(x * 6, 0.5, octaves: 3))
    let near = radii.y * half * (0.55 + 0.45 * noise.fractal(x * 4, 7.5, octaves: 4))
    return (center.y - far, center.y + near)
  }

  /// Whether a position is on the water or within a margin of it.
  func covers(_ position: Point, margin: Float) -> Bool {
    guard let shores = shores(atX: position.x) else { return false }
    return position.y > shores.far - margin && position.y < shores.near + margin
  }
}

/// A footpath that winds from the foreground towards the horizon.
struct Path: Sendable {
  let start: Float, end: Float
  let winding: Float
  let width: Float
  let noise: UInt32

  init(random: inout SeededRandom) {
    start = random.uniform(in: -0.35...0.35)
    end = random.uniform(in: -0.3...0.3)
    winding = random.uniform(in: 0.1...0.4)
    width = random.uniform(in: 0.09...0.17)
    noise = UInt32(truncatingIfNeeded: random.next())
  }

  /// Middle and half width at a nearness from 0 (horizon) to 1 (bottom of the picture).
  func course(at nearness: Float) -> (middle: Float, halfWidth: Float) {
    let swing = Noise(seed: noise).value(3.2 / (nearness + 0.35), 0.5) - 0.5
    let middle = mix(end, start, nearness) + winding * swing * (0.25 + nearness)
    return (middle, width * (0.03 + 0.97 * nearness) / 2 + 0.002)
  }
}
