import Glibc

/// What a random sequence is for.
///
/// Sequences for different purposes never share numbers.
public struct RandomPurpose: Hashable, Sendable, ExpressibleByStringLiteral {
  fileprivate let hash: UInt64

  /// Names a purpose: `"crop"`, `"weights generatorAB"`.
  public init(_ name: String) {
    var hash = StableHash()
    hash.add(name)
    self.hash = hash.value
  }

  /// Names a purpose by a literal.
  public init(stringLiteral name: String) { self.init(name) }
}

/// Random numbers that depend on nothing but the key they were made from.
///
/// The key is (seed, epoch, index, purpose). Whoever needs the numbers of a certain step or
/// picture makes the generator of that key, so no state has to be saved or shared, and neither
/// threads nor order can change an outcome.
///
/// The generator is xoshiro256**, seeded by SplitMix64.
/// - SeeAlso: Blackman and Vigna, arXiv:1805.01407.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Creates the sequence of a key.
  public init(seed: UInt64, epoch: Int = 0, index: Int = 0, purpose: RandomPurpose = "") {
    var mix = SplitMix(state: seed)
    for part in [UInt64(bitPattern: Int64(epoch)), UInt64(bitPattern: Int64(index)), purpose.hash] {
      mix = SplitMix(state: mix.next() ^ part)
    }
    state = (mix.next(), mix.next(), mix.next(), mix.next())
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = Self.rotate(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = Self.rotate(state.3, 45)
    return result
  }

  /// A float in `0 ..< 1`, a multiple of 2⁻²⁴.
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A float in `range`, evenly distributed.
  public mutating func uniform(in range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// An integer in `0 ..< count`, evenly distributed.
  public mutating func integer(below count: Int) -> Int {
    Int(next(upperBound: UInt64(count)))
  }

  /// The numbers `0 ..< count` in an order that is as likely as any other.
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1))
    }
    return order
  }

  /// True with a probability.
  public mutating func chance(_ probability: Float) -> Bool { uniform() < probability }

  /// A sample of the standard normal distribution (Marsaglia's polar method).
  public mutating func normal() -> Float {
    while true {
      let x = 2 * Double(uniform()) - 1, y = 2 * Double(uniform()) - 1
      let square = x * x + y * y
      if square > 0, square < 1 { return Float(x * (-2 * log(square) / square).squareRoot()) }
    }
  }

  private static func rotate(_ x: UInt64, _ bits: UInt64) -> UInt64 {
    (x << bits) | (x >> (64 - bits))
  }
}

private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
