import Tensors

/// Notices what goes wrong with translations in one direction, by looking at samples.
package struct TranslationDetector: Sendable {
  private let direction: String
  private let realCheckerboard: Float
  private let firstStep: Int
  private var inverted: Streak, unchanged: Streak, checkered: Streak, hidden: Streak

  /// Creates a detector.
  ///
  /// - Parameters:
  ///   - direction: From what to what: `summer → winter`.
  ///   - targets: Real pictures of the kind that is translated to, `[1, H, W, C]` in −1…1.
  ///   - firstStep: Before it samples are not looked at.
  ///   - patience: How many looks in a row must be bad.
  package init(direction: String, targets: [Tensor], firstStep: Int = 500, patience: Int = 2) {
    self.direction = direction
    self.firstStep = firstStep
    realCheckerboard = Self.mean(targets, TranslationMeasures.checkerboard)
    let streak = Streak(patience: patience)
    (inverted, unchanged, checkered, hidden) = (streak, streak, streak, streak)
  }

  /// Looks at samples.
  package mutating func note(step: Int, samples: [TranslationSample]) -> [Trouble] {
    guard step >= firstStep, !samples.isEmpty else { return [] }
    return [
      noteInversion(step, samples), noteIdentity(step, samples), noteCheckerboard(step, samples),
      noteHidden(step, samples),
    ].compactMap { $0 }
  }

  private mutating func noteInversion(
    _ step: Int, _ samples: [TranslationSample]
  ) -> Trouble? {
    let correlation = Self.mean(samples) { TranslationMeasures.correlation($0.real, $0.fake) }
    guard inverted.note(correlation < -0.4) else { return nil }
    return Trouble(
      .invertedColors, step: step,
      evidence: "\(direction) turns light to dark (correlation \(Figures.short(correlation)))",
      remedy: "Raise --lambda-identity, or begin anew with another --seed.")
  }

  private mutating func noteIdentity(_ step: Int, _ samples: [TranslationSample]) -> Trouble? {
    let change = Self.mean(samples) {
      TranslationMeasures.distance($0.real, $0.fake)
        / max(TranslationMeasures.contrast($0.real), 0.01)
    }
    guard unchanged.note(change < 0.05) else { return nil }
    return Trouble(
      .identityCollapse, step: step,
      evidence: "\(direction) changes pictures by \(Figures.percent(change)) of their contrast",
      remedy: "Lower --lambda-identity and --lambda-cycle, or give the discriminators more filters."
    )
  }

  private mutating func noteCheckerboard(
    _ step: Int, _ samples: [TranslationSample]
  ) -> Trouble? {
    let strength = Self.mean(samples) { TranslationMeasures.checkerboard($0.fake) }
    guard checkered.note(strength > max(3 * realCheckerboard, 0.015)) else { return nil }
    let levels = Figures.short(strength * 127.5), real = Figures.short(realCheckerboard * 127.5)
    return Trouble(
      .checkerboard, step: step,
      evidence: "in \(direction) pixels alternate by \(levels) levels, in real pictures by \(real)",
      remedy: "Begin anew with --upsampling nearest.")
  }

  private mutating func noteHidden(_ step: Int, _ samples: [TranslationSample]) -> Trouble? {
    let exact = Self.mean(samples) { TranslationMeasures.distance($0.real, $0.recovered) }
    let rounded = Self.mean(samples) {
      TranslationMeasures.distance($0.real, $0.recoveredFromRounded)
    }
    guard hidden.note(rounded > 1.3 * exact && rounded > exact + 0.01) else { return nil }
    return Trouble(
      .hiddenInformation, step: step,
      evidence: "the way back from \(direction) errs by \(Figures.short(exact)), and by"
        + " \(Figures.short(rounded)) once the translation is rounded to 8 bits",
      remedy: "Lower --lambda-cycle.")
  }

  private static func mean<Item>(_ items: [Item], _ measure: (Item) -> Float) -> Float {
    items.isEmpty ? 0 : items.reduce(0) { $0 + measure($1) } / Float(items.count)
  }
}
