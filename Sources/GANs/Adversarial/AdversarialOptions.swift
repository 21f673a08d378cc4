import Layers

/// The game between a generator from noise and a discriminator, in numbers.
public struct AdversarialOptions: Codable, Hashable, Sendable {
  /// What the two play for.
  public var loss: AdversarialLoss
  /// By how much less than surely real pictures are to be called real; 0 for not at all.
  public var smoothing: Float
  /// The discriminator's steps for one of the generator's.
  public var criticSteps: Int
  /// What keeps the discriminator from being steep.
  public var constraint: CriticConstraint
  /// How both networks' weights are moved.
  public var optimizer: OptimizerDescription
  /// The generator's learning rate before any schedule.
  public var learningRate: Double
  /// The discriminator's.
  public var criticLearningRate: Double

  /// Creates options; DCGAN's numbers by default, and one learning rate for both.
  public init(
    loss: AdversarialLoss, smoothing: Float = 0, criticSteps: Int = 1,
    constraint: CriticConstraint = .none,
    optimizer: OptimizerDescription = .adam(beta1: 0.5, beta2: 0.999), learningRate: Double = 2e-4
  ) {
    self.loss = loss
    self.smoothing = smoothing
    self.criticSteps = criticSteps
    self.constraint = constraint
    self.optimizer = optimizer
    self.learningRate = learningRate
    criticLearningRate = learningRate
  }
}
