import Tensors

/// All that is left to chance in one step: the same seed and step give the same numbers.
public struct CycleGANChances: Sendable {
  /// What happens to new fakes of A once their pool is full, one per picture.
  public var poolA: [ImagePool.Decision]
  /// The same for B.
  public var poolB: [ImagePool.Decision]
  /// Where between fake and real the penalty looks at A's critic, in 0…1, one per picture.
  public var alphasA: [Float]
  /// The same for B's critic.
  public var alphasB: [Float]

  private let seed: UInt64
  private let step: Int

  /// Draws the chances of a step.
  ///
  /// - Parameters:
  ///   - seed: The training's seed.
  ///   - step: The step's number since the training's begin.
  ///   - batch: Pictures per domain.
  ///   - poolSize: Pictures that a full pool holds.
  public init(seed: UInt64, step: Int, batch: Int, poolSize: Int) {
    self.seed = seed
    self.step = step
    func random(_ purpose: RandomPurpose) -> SeededRandom {
      SeededRandom(seed: seed, index: step, purpose: purpose)
    }
    var (a, b) = (random("pool A"), random("pool B"))
    poolA = ImagePool.decisions(batch, size: poolSize, using: &a)
    poolB = ImagePool.decisions(batch, size: poolSize, using: &b)
    (a, b) = (random("penalty A"), random("penalty B"))
    alphasA = (0..<batch).map { _ in a.uniform() }
    alphasB = (0..<batch).map { _ in b.uniform() }
  }

  /// The numbers for dropout in one part of the step.
  func dropout(_ part: String) -> SeededRandom {
    SeededRandom(seed: seed, index: step, purpose: RandomPurpose("dropout \(part)"))
  }
}
