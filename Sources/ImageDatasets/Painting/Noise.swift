/// Smooth random fields over the plane: value noise on a lattice, and sums of its octaves.
///
/// Only additions, multiplications and integer hashing: the same bits on every machine.
struct Noise {
  private let seed: UInt32

  /// Creates the field of a seed.
  init(seed: UInt32) { self.seed = seed }

  /// A field in 0…1 whose features are about one unit wide.
  @inline(__always)
  func value(_ x: Float, _ y: Float) -> Float {
    let column = Self.floor(x), row = Self.floor(y)
    let fx = x - Float(column), fy = y - Float(row)
    let sx = fx * fx * (3 - 2 * fx), sy = fy * fy * (3 - 2 * fy)
    let top = mix(lattice(column, row), lattice(column &+ 1, row), sx)
    let bottom = mix(lattice(column, row &+ 1), lattice(column &+ 1, row &+ 1), sx)
    return mix(top, bottom, sy)
  }

  /// Octaves of `value`, each twice as fine and half as strong; 0…1, mean ½.
  func fractal(_ x: Float, _ y: Float, octaves: Int) -> Float {
    var sum: Float = 0, strength: Float = 0.5, total: Float = 0
    var px = x, py = y
    for _ in 0..<octaves {
      sum += strength * value(px, py)
      total += strength
      strength *= 0.5
      // An odd factor and an offset keep the lattices of the octaves from lining up.
      px = px * 2.03 + 17.3
      py = py * 2.03 + 9.7
    }
    return sum / total
  }

  /// Octaves of creases along one axis: 0…1, with sharp crests like a mountain range.
  func crests(_ x: Float, octaves: Int) -> Float {
    var sum: Float = 0, strength: Float = 0.5, total: Float = 0, px = x
    for _ in 0..<octaves {
      let crease = 1 - abs(2 * value(px, 0.5) - 1)
      sum += strength * crease
      total += strength
      strength *= 0.46
      px = px * 2.07 + 31.7
    }
    return sum / total
  }

  /// Octaves of creases over the plane: 0…1, with sharp lines like the spurs of a mountain.
  func spurs(_ x: Float, _ y: Float) -> Float {
    let broad = 1 - abs(2 * value(x, y) - 1)
    let middle = 1 - abs(2 * value(x * 2.1 + 5.2, y * 1.9 + 8.8) - 1)
    let fine = 1 - abs(2 * value(x * 4.3 + 3.1, y * 4.1 + 1.7) - 1)
    return 0.55 * broad + 0.30 * middle + 0.15 * fine
  }

  @inline(__always)
  private func lattice(_ column: Int32, _ row: Int32) -> Float {
    var h = UInt32(bitPattern: column) &* 0x8da6_b343
    h ^= UInt32(bitPattern: row) &* 0xd816_3841
    h ^= seed
    h ^= h >> 15
    h = h &* 0x2c1b_3c6d
    h ^= h >> 12
    h = h &* 0x297a_2d39
    h ^= h >> 15
    return Float(h >> 8) * 0x1p-24
  }

  @inline(__always)
  private static func floor(_ x: Float) -> Int32 {
    let truncated = Int32(x)
    return Float(truncated) > x ? truncated &- 1 : truncated
  }
}
