/// Notices numbers that are no numbers, and weights that grow out of bounds.
package struct DivergenceDetector: Sendable {
  private let remedy: String
  private var first: [String: Float] = [:]
  private var reported: Set<String> = []

  /// Creates a detector.
  ///
  /// - Parameter remedy: Which knob to turn: a sentence.
  package init(remedy: String) { self.remedy = remedy }

  /// Takes the losses of a step; whatever else must be finite can be given as well.
  package mutating func note(step: Int, losses: [(name: String, value: Float)]) -> Trouble? {
    guard let loss = losses.first(where: { !$0.value.isFinite }) else { return nil }
    return report(loss.name, step: step, "the loss '\(loss.name)' became \(loss.value)")
  }

  /// Takes the root mean squares of networks' weights, now and then.
  ///
  /// What is first given under a name is the measure of what follows.
  package mutating func note(step: Int, weights: [(name: String, size: Float)]) -> Trouble? {
    for (name, size) in weights {
      guard size.isFinite else {
        return report(name, step: step, "weights of \(name) are infinite or no numbers")
      }
      // Initial weights are about 0.02; a network that starts with less may grow to that.
      let start = max(first[name] ?? size, 0.02)
      first[name] = start
      guard size > Self.growth * start else { continue }
      return report(
        name, step: step,
        "weights of \(name) have grown from \(Figures.short(start)) to \(Figures.short(size))")
    }
    return nil
  }

  /// Far more than training takes weights to, and far less than overflows.
  private static let growth: Float = 30

  private mutating func report(_ name: String, step: Int, _ evidence: String) -> Trouble? {
    guard reported.insert(name).inserted else { return nil }
    return Trouble(.divergence, step: step, evidence: evidence, remedy: remedy)
  }
}
