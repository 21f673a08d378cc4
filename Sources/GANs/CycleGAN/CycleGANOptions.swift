import Layers

/// The numbers of a training, the reference's by default.
public struct CycleGANOptions: Codable, Hashable, Sendable {
  /// Weight of the cycle A → B → A.
  public var lambdaA: Float
  /// Weight of the cycle B → A → B.
  public var lambdaB: Float
  /// Weight of the identity losses, relative to the cycles'; 0 leaves their passes out.
  public var lambdaIdentity: Float
  /// Weight of the gradient penalty, with WGAN-GP only.
  public var lambdaPenalty: Float
  /// The loss between generators and discriminators.
  public var adversarialLoss: AdversarialLoss
  /// Learning rate before any schedule.
  public var learningRate: Double
  /// The optimizers' options.
  public var adam: Adam.Options
  /// Past fakes kept per domain.
  public var poolSize: Int
  /// Which pictures discriminators see changed; nil for none.
  public var discriminatorAugmentation: DiscriminatorAugmentation?

  /// Creates options.
  public init(
    lambdaA: Float = 10, lambdaB: Float = 10, lambdaIdentity: Float = 0.5,
    lambdaPenalty: Float = 10, adversarialLoss: AdversarialLoss = .lsgan,
    learningRate: Double = 2e-4, adam: Adam.Options = Adam.Options(), poolSize: Int = 50,
    discriminatorAugmentation: DiscriminatorAugmentation? = nil
  ) {
    self.lambdaA = lambdaA
    self.lambdaB = lambdaB
    self.lambdaIdentity = lambdaIdentity
    self.lambdaPenalty = lambdaPenalty
    self.adversarialLoss = adversarialLoss
    self.learningRate = learningRate
    self.adam = adam
    self.poolSize = poolSize
    self.discriminatorAugmentation = discriminatorAugmentation
  }
}
