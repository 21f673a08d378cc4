import GANs
import Tensors

/// Looks for everything that can go wrong in the training of a generator from noise.
///
/// It only looks: a run is the same, bit for bit, whether it is watched or not. What it has seen is
/// not saved, so it starts anew when a run goes on.
struct GANTroubleWatch {
  private var overpowering: OverpoweringDetector?
  private var collapse: ModeCollapseDetector
  private var divergence = DivergenceDetector(
    remedy: "Begin anew with half the --learning-rate.")

  /// Samples of which diversity is measured.
  private static let count = 64
  /// How many are made at once: no more than a turn's, which the memory is known to hold.
  private let batch: Int

  /// - Parameters:
  ///   - options: The options of the run.
  ///   - samples: What is learnt from.
  init(_ options: GANTrainingOptions, samples: SampleSource) {
    batch = options.batch
    overpowering = options.model.options.loss.undecided.map {
      // The loss is a sum here: both halves.
      OverpoweringDetector(
        undecided: 2 * $0,
        remedy: "Begin anew with --smoothing 0.1, a smaller --critic-learning-rate or "
          + "--critic-width, or as --family wgan-gp.")
    }
    var order = SampleOrder(samples, seed: options.seed)
    collapse = ModeCollapseDetector(
      data: order.batch(turn: 0, count: Self.count).real,
      remedy: "Begin anew with a smaller --learning-rate, or as --family wgan-gp.")
  }

  /// Takes the networks as they are when the run begins or goes on: the measure of growth.
  mutating func begin(_ networks: AdversarialStep) {
    _ = divergence.note(step: 0, weights: networks.weightSizes)
  }

  /// Takes what a step has made.
  mutating func note(step: Int, _ result: AdversarialStepResult) -> [Trouble] {
    [
      divergence.note(step: step, losses: result.named),
      overpowering?.note(
        step: step, discriminatorLoss: result.discriminatorLoss,
        generatorGradient: result.generatorGradient),
    ].compactMap { $0 }
  }

  /// Looks at samples, and at the networks as they stand.
  mutating func note(step: Int, _ sampler: Sampler, _ networks: AdversarialStep) -> [Trouble] {
    let labels = sampler.description.evenLabels(Self.count)
    let samples = sampler.samples(
      Array(0..<Self.count), seed: 1, labels: labels, batch: batch)
    return [
      divergence.note(step: step, weights: networks.weightSizes),
      collapse.note(step: step, samples: samples),
    ].compactMap { $0 }
  }
}

extension AdversarialStep {
  fileprivate var weightSizes: [(name: String, size: Float)] {
    [("generator", generator.weightSize), ("discriminator", discriminator.weightSize)]
  }
}
