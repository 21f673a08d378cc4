/// Notices a discriminator that has won: its loss near zero, or near enough while nothing but a
/// trace of a gradient reaches the generator.
///
/// For losses with a least value; a critic's loss has none.
package struct OverpoweringDetector: Sendable {
  private let undecided: Float
  private let subject: String
  private let remedy: String
  private let window: Int

  private var loss: Float = 0
  private var gradient: Float = 0
  private var steps = 0
  private var firstGradient: Float?
  private var hasReported = false

  /// Creates a detector.
  ///
  /// - Parameters:
  ///   - undecided: The loss of a discriminator that cannot tell: 0.25 for half the sum of two
  ///     mean squares, 1.386 for the sum of two cross-entropies, 2 for the hinge.
  ///   - subject: Whose loss it is, if there are several.
  ///   - remedy: Which knob to turn: a sentence.
  ///   - window: Steps that the mean is taken over.
  package init(
    undecided: Float, subject: String = "the discriminator", remedy: String, window: Int = 200
  ) {
    precondition(undecided > 0 && window > 0, "\(undecided) undecided, \(window) steps")
    self.undecided = undecided
    self.subject = subject
    self.remedy = remedy
    self.window = window
  }

  /// Takes the numbers of a step.
  ///
  /// - Parameters:
  ///   - step: Its number.
  ///   - discriminatorLoss: The loss, without penalties.
  ///   - generatorGradient: The norm of the gradient that reaches the generator; nil if unknown.
  package mutating func note(
    step: Int, discriminatorLoss: Float, generatorGradient: Float? = nil
  ) -> Trouble? {
    loss += discriminatorLoss
    gradient += generatorGradient ?? 0
    steps += 1
    guard steps == window else { return nil }
    defer { (loss, gradient, steps) = (0, 0, 0) }
    let mean = loss / Float(window)
    let gradientShare = generatorGradient == nil ? nil : shareOfFirst(gradient / Float(window))
    let vanishes = gradientShare.map { $0 < 0.02 } ?? false
    let hasWon = mean < 0.02 * undecided || (vanishes && mean < 0.1 * undecided)
    if mean > 0.2 * undecided { hasReported = false }
    guard hasWon, !hasReported else { return nil }
    hasReported = true
    var evidence =
      "over \(window) steps the loss of \(subject) was \(Figures.short(mean)), where"
      + " \(Figures.short(undecided)) is undecided"
    if let gradientShare, vanishes {
      evidence +=
        ", and the generator's gradient \(Figures.short(gradientShare)) of what it was"
    }
    return Trouble(.overpoweringDiscriminator, step: step, evidence: evidence, remedy: remedy)
  }

  private mutating func shareOfFirst(_ gradient: Float) -> Float {
    let first = firstGradient ?? gradient
    firstGradient = first
    return first > 0 ? gradient / first : 1
  }
}
