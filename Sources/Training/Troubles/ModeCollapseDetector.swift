import Tensors

/// Notices a generator that makes the same few things from whatever noise.
package struct ModeCollapseDetector: Sendable {
  private let data: Diversity
  private let remedy: String
  private let firstStep: Int
  private var streak: Streak

  /// Creates a detector.
  ///
  /// - Parameters:
  ///   - data: Examples of what is learnt from, `[N, H, W, C]`, as many as there will be samples:
  ///     64, say.
  ///   - remedy: Which knob to turn: a sentence.
  ///   - firstStep: Before it samples are not looked at; a generator that has hardly begun makes
  ///     the same of everything.
  ///   - patience: How many looks in a row must be bad.
  package init(data: Tensor, remedy: String, firstStep: Int = 500, patience: Int = 2) {
    self.data = Diversity(of: data)
    self.remedy = remedy
    self.firstStep = firstStep
    streak = Streak(patience: patience)
  }

  /// Looks at samples, each of other noise, `[N, H, W, C]`.
  package mutating func note(step: Int, samples: Tensor) -> Trouble? {
    guard step >= firstStep else { return nil }
    let diversity = Diversity(of: samples)
    let spread = diversity.spread / max(data.spread, .leastNormalMagnitude)
    let nearest = diversity.nearest / max(data.nearest, .leastNormalMagnitude)
    guard streak.note(min(spread, nearest) < Self.limit) else { return nil }
    let evidence =
      spread < Self.limit
      ? "samples vary by \(Figures.percent(spread)) of what the data do"
      : "each sample has a fellow at \(Figures.percent(nearest)) of the distance that is usual"
        + " among the data"
    return Trouble(.modeCollapse, step: step, evidence: evidence, remedy: remedy)
  }

  private static let limit: Float = 0.25
}

/// How much examples differ from one another.
package struct Diversity: Sendable, Equatable {
  /// The root mean square distance from the mean example.
  package let spread: Float
  /// The mean distance from an example to the nearest other one.
  package let nearest: Float

  /// Measures a batch of at least two, `[N, ...]`.
  package init(of batch: Tensor) {
    let count = batch.shape.rank > 0 ? batch.shape[0] : 0
    precondition(count >= 2, "the diversity of \(batch.shape)")
    let size = batch.count / count
    let values = batch.values
    var total: Float = 0
    var least = [Float](repeating: .infinity, count: count)
    for first in 0..<count {
      for second in 0..<first {
        var square: Float = 0
        for index in 0..<size {
          let difference = values[first * size + index] - values[second * size + index]
          square += difference * difference
        }
        total += square
        least[first] = min(least[first], square)
        least[second] = min(least[second], square)
      }
    }
    // Each pair was met once: the mean square between two is twice that from the mean.
    spread = (total / Float(count * count)).squareRoot()
    nearest = least.reduce(0) { $0 + $1.squareRoot() } / Float(count)
  }
}
