import Autograd
import Tensors

/// How far a discriminator's judgement is from what it should have been.
public enum AdversarialLoss: String, Codable, CaseIterable, Sendable {
  /// Mean squared distance from 1 (real) or 0; Mao et al., arXiv:1611.04076.
  case lsgan
  /// Binary cross-entropy of judgements as logits, with the generator's non-saturating loss;
  /// Goodfellow et al., arXiv:1406.2661.
  case vanilla
  /// The same, the generator minimizing what the discriminator maximizes: it learns least while it
  /// is worst.
  case minimax
  /// Judgements beyond ±1 count no more; Lim and Ye, arXiv:1705.02894.
  case hinge
  /// Mean judgement, of a critic that something keeps from being steep; Arjovsky et al.,
  /// arXiv:1701.07875.
  case wasserstein
  /// Mean judgement, with `gradientPenalty` beside it; Gulrajani et al., arXiv:1704.00028.
  case wganGP = "wgan-gp"

  /// The discriminator's loss for judgements that should all say "real", or all "fake".
  ///
  /// - Parameters:
  ///   - prediction: What the discriminator says, any shape.
  ///   - isReal: What it should have said.
  ///   - smoothing: By how much less than surely real pictures are to be called real, where the
  ///     loss knows a target: 0.1 makes the target 0.9; Salimans et al., arXiv:1606.03498.
  /// - Returns: A scalar.
  public func callAsFunction(_ prediction: Variable, isReal: Bool, smoothing: Float = 0)
    -> Variable
  {
    switch self {
    case .lsgan:
      return (isReal ? prediction - (1 - smoothing) : prediction).squared().mean()
    case .vanilla, .minimax:
      // −t·log σ(x) − (1 − t)·log(1 − σ(x)) = softplus(−x) + (1 − t)·x
      let entropy = (isReal ? -prediction : prediction).map(.softplus)
      return (isReal && smoothing > 0 ? entropy + smoothing * prediction : entropy).mean()
    case .hinge:
      return (1 - (isReal ? prediction : -prediction)).map(.relu).mean()
    case .wasserstein, .wganGP:
      return isReal ? -prediction.mean() : prediction.mean()
    }
  }

  /// The generator's loss for judgements of what it has made.
  ///
  /// - Parameter prediction: What the discriminator says, any shape.
  /// - Returns: A scalar.
  public func fooling(_ prediction: Variable) -> Variable {
    switch self {
    case .minimax: -self(prediction, isReal: false)
    case .hinge: -prediction.mean()
    case .lsgan, .vanilla, .wasserstein, .wganGP: self(prediction, isReal: true)
    }
  }

  /// How sure judgements are that pictures are real: their mean sign, −1…1.
  ///
  /// Judgements of a critic know no middle; 0 stands for it.
  /// - Parameter prediction: What the discriminator says of real pictures, any shape.
  func sureness(of prediction: Tensor) -> Float {
    let middle: Float = self == .lsgan ? 0.5 : 0
    let signs = prediction.values.map { $0 > middle ? 1 : $0 < middle ? -1 : 0 as Float }
    return signs.reduce(0, +) / Float(signs.count)
  }
}
