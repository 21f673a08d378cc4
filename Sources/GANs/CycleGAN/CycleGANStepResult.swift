import Tensors

/// The losses of one step, each with its weight.
public struct CycleGANLosses: Codable, Hashable, Sendable {
  /// How far B's discriminator is from taking fakes of B for real (the reference's `G_A`).
  public var adversarialAB: Float = 0
  /// How far A's discriminator is from taking fakes of A for real (the reference's `G_B`).
  public var adversarialBA: Float = 0
  /// A → B → A against A (`cycle_A`).
  public var cycleA: Float = 0
  /// B → A → B against B (`cycle_B`).
  public var cycleB: Float = 0
  /// B translated to B against B (`idt_A`, since its generator is G_A).
  public var identityB: Float = 0
  /// A translated to A against A (`idt_B`).
  public var identityA: Float = 0
  /// A's discriminator on real pictures and fakes (`D_B`).
  public var discriminatorA: Float = 0
  /// B's discriminator on real pictures and fakes (`D_A`).
  public var discriminatorB: Float = 0

  /// Creates losses of 0.
  public init() {}

  /// What the generators' gradient is taken of.
  public var generators: Float {
    adversarialAB + adversarialBA + cycleA + cycleB + identityA + identityB
  }

  /// Names and values, generators first.
  public var named: [(name: String, value: Float)] {
    [
      ("adversarialAB", adversarialAB), ("adversarialBA", adversarialBA), ("cycleA", cycleA),
      ("cycleB", cycleB), ("identityA", identityA), ("identityB", identityB),
      ("discriminatorA", discriminatorA), ("discriminatorB", discriminatorB),
    ]
  }
}

/// What one step has made, apart from better networks.
public struct CycleGANStepResult: Sendable {
  /// The losses, before the networks were changed.
  public var losses: CycleGANLosses
  /// Real A translated to B.
  public var fakeB: Tensor
  /// Real B translated to A.
  public var fakeA: Tensor
  /// Real A translated to B and back.
  public var recoveredA: Tensor
  /// Real B translated to A and back.
  public var recoveredB: Tensor
  /// Real A "translated" to A; nil without identity losses.
  public var identityA: Tensor?
  /// Real B "translated" to B; nil without identity losses.
  public var identityB: Tensor?
}
