import Checkpoints
import Tensors

/// What a turn of the discriminator is given: real samples, and all that is left to chance.
public struct AdversarialTurn: Sendable {
  /// Real samples, `[N, H, W, C]`.
  public var real: Tensor
  /// Their classes, which fakes are asked to have too; nothing to networks that are not told.
  public var labels: [Int]
  /// What fakes are made of, `[N, 1, 1, latent]`.
  public var noise: Tensor
  /// Where between fake and real a penalty looks, in 0…1, one per sample.
  public var alphas: [Float]

  private let seed: UInt64
  private let number: Int

  /// Collects what is given.
  ///
  /// - Parameters:
  ///   - seed: The training's seed.
  ///   - number: The turn's number since the training's begin; both decide what dropout drops.
  public init(
    real: Tensor, labels: [Int], noise: Tensor, alphas: [Float], seed: UInt64 = 0, number: Int = 0
  ) {
    self.real = real
    self.labels = labels
    self.noise = noise
    self.alphas = alphas
    self.seed = seed
    self.number = number
  }

  /// Draws what is left to chance: the same seed and number give the same turn.
  ///
  /// - Parameters:
  ///   - real: Real samples.
  ///   - labels: Their classes.
  ///   - generator: What the noise is for.
  ///   - seed: The training's seed.
  ///   - number: The turn's number since the training's begin.
  public init(
    real: Tensor, labels: [Int], for generator: SamplerDescription, seed: UInt64, number: Int
  ) {
    var noise = SeededRandom(seed: seed, index: number, purpose: "noise")
    var penalty = SeededRandom(seed: seed, index: number, purpose: "penalty")
    let count = real.shape.batch
    self.init(
      real: real, labels: labels, noise: generator.noise(count, using: &noise),
      alphas: (0..<count).map { _ in penalty.uniform() }, seed: seed, number: number)
  }

  /// The numbers for dropout in one part of the turn.
  func dropout(_ part: String) -> SeededRandom {
    SeededRandom(seed: seed, index: number, purpose: RandomPurpose("dropout \(part)"))
  }
}
