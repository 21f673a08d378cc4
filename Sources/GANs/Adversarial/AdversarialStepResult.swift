import Tensors

/// What one step has made, apart from better networks.
public struct AdversarialStepResult: Sendable {
  /// How far the discriminator was from taking the fakes for real.
  public let generatorLoss: Float
  /// How far it was from telling real from fake, in its last turn, penalties included.
  public let discriminatorLoss: Float
  /// The norm of the gradient that reached the generator.
  public let generatorGradient: Float
  /// What the generator made for the last turn, `[N, H, W, C]`.
  public let fake: Tensor

  /// The losses and their names.
  public var named: [(name: String, value: Float)] {
    [("generator", generatorLoss), ("discriminator", discriminatorLoss)]
  }
}
