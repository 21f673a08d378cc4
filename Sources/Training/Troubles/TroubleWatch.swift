import GANs
import Images
import Layers
import Tensors

/// Looks for everything that can go wrong in the training of a CycleGAN.
///
/// It only looks: a run is the same, bit for bit, whether it is watched or not. What it has seen is
/// not saved, so it starts anew when a run goes on.
struct TroubleWatch {
  private var overpowering: [OverpoweringDetector] = []
  private var divergence = DivergenceDetector(
    remedy: "Begin anew with half the --learning-rate, or with other --initial-weights.")
  private var translation: (toB: TranslationDetector, toA: TranslationDetector)

  /// - Parameters:
  ///   - options: The options of the run.
  ///   - samples: What will be looked at.
  init(_ options: TrainingOptions, samples: SampleGrid) {
    let a = options.domainA.name, b = options.domainB.name
    if let undecided = options.adversarialLoss.undecided {
      overpowering = [a, b].map { name in
        OverpoweringDetector(
          undecided: undecided, subject: "\(name)'s discriminator",
          remedy: "Begin anew with fewer --discriminator-filters, or with more pictures.")
      }
    }
    translation = (
      TranslationDetector(direction: "\(a) → \(b)", targets: samples.picturesB.map { Tensor($0) }),
      TranslationDetector(direction: "\(b) → \(a)", targets: samples.picturesA.map { Tensor($0) })
    )
  }

  /// Takes the losses of a step.
  mutating func note(step: Int, losses: CycleGANLosses) -> [Trouble] {
    var troubles: [Trouble] = []
    if let trouble = divergence.note(step: step, losses: losses.named) { troubles.append(trouble) }
    for (index, loss) in [losses.discriminatorA, losses.discriminatorB].enumerated()
    where overpowering.indices.contains(index) {
      if let trouble = overpowering[index].note(step: step, discriminatorLoss: loss) {
        troubles.append(trouble)
      }
    }
    return troubles
  }

  /// Takes samples, and the networks as they stand.
  mutating func note(
    step: Int, samples: SampleGrid.Samples, networks: [(name: String, network: any Module)]
  ) -> [Trouble] {
    let weights = networks.map { ($0.name, $0.network.weightSize) }
    return [divergence.note(step: step, weights: weights)].compactMap { $0 }
      + translation.toB.note(step: step, samples: samples.toB)
      + translation.toA.note(step: step, samples: samples.toA)
  }
}

extension AdversarialLoss {
  /// Half the discriminator's losses on real and on fake while it cannot tell them apart; nil for
  /// critics, whose loss has no least value to be near to.
  var undecided: Float? {
    switch self {
    case .lsgan: 0.25
    case .vanilla, .minimax: 0.693
    case .hinge: 1
    case .wasserstein, .wganGP: nil
    }
  }
}

extension Module {
  /// The root mean square of all weights: a measure of whether they explode.
  var weightSize: Float {
    var sum = 0.0, count = 0
    for parameter in parameters.map(\.parameter)
    where parameter.role == .weight {
      sum += parameter.value.values.reduce(0.0) { $0 + Double($1) * Double($1) }
      count += parameter.shape.count
    }
    return count == 0 ? 0 : Float((sum / Double(count)).squareRoot())
  }
}
