import Autograd

/// How far a discriminator's judgement is from what it should have been.
public enum AdversarialLoss: String, Codable, CaseIterable, Sendable {
  /// Mean squared distance from 1 (real) or 0; Mao et al., arXiv:1611.04076.
  case lsgan
  /// Binary cross-entropy of judgements as logits; Goodfellow et al., arXiv:1406.2661.
  case vanilla
  /// Mean judgement, with `gradientPenalty` beside it; Gulrajani et al., arXiv:1704.00028.
  case wganGP = "wgan-gp"

  /// The loss of judgements that should all say "real", or all "fake".
  ///
  /// - Parameters:
  ///   - prediction: What the discriminator says, any shape.
  ///   - isReal: What it should have said.
  /// - Returns: A scalar.
  public func callAsFunction(_ prediction: Variable, isReal: Bool) -> Variable {
    switch self {
    case .lsgan: (isReal ? prediction - 1 : prediction).squared().mean()
    case .vanilla: (isReal ? -prediction : prediction).map(.softplus).mean()
    case .wganGP: isReal ? -prediction.mean() : prediction.mean()
    }
  }
}
