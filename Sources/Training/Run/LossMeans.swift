import GANs

extension CycleGANLosses {
  private static let paths: [any WritableKeyPath<Self, Float> & Sendable] = [
    \.adversarialAB, \.adversarialBA, \.cycleA, \.cycleB, \.identityA, \.identityB,
    \.discriminatorA, \.discriminatorB,
  ]

  /// Each loss combined with its fellow.
  func combined(with other: Self, _ combine: (Float, Float) -> Float) -> Self {
    var result = self
    for path in Self.paths {
      result[keyPath: path] = combine(self[keyPath: path], other[keyPath: path])
    }
    return result
  }

  /// The first loss that is infinite or not a number.
  var firstNonFinite: (name: String, value: Float)? { named.first { !$0.value.isFinite } }
}

/// Adds up losses for a mean; part of the checkpoint, so that a resumed run reports the same.
struct LossSum: Codable, Equatable, Sendable {
  private var sum = CycleGANLosses()
  private(set) var count = 0

  mutating func add(_ losses: CycleGANLosses) {
    sum = sum.combined(with: losses, +)
    count += 1
  }

  var mean: CycleGANLosses {
    sum.combined(with: sum) { total, _ in total / Float(max(count, 1)) }
  }
}

/// A mean in which the last few dozen steps count, for a display that does not flicker.
struct SmoothLosses {
  private var mean: CycleGANLosses?

  mutating func add(_ losses: CycleGANLosses) -> CycleGANLosses {
    let next = mean?.combined(with: losses) { 0.95 * $0 + 0.05 * $1 } ?? losses
    mean = next
    return next
  }
}
