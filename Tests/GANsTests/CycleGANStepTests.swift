import Checkpoints
import ConvolutionCore
import Layers
import Tensors
import TestSupport
import Testing

@testable import GANs

@Suite("The CycleGAN step")
struct CycleGANStepTests {
  private static func makeStep(
    _ options: CycleGANOptions = CycleGANOptions(poolSize: 2), dropout: Bool = false,
    norm: GeneratorDescription.Norm = .instance,
    on backend: any Backend = CPUBackend(threads: 2)
  ) -> CycleGANStep {
    let networks = CycleGAN(
      generator: GeneratorDescription(blocks: 1, filters: 4, norm: norm, dropout: dropout),
      discriminator: DiscriminatorDescription(layers: 1, filters: 4, norm: norm))
    networks.initialize(seed: 1)
    return CycleGANStep(networks, options, on: backend)
  }

  private static func run(_ step: CycleGANStep, steps: Range<Int>) -> [CycleGANStepResult] {
    steps.map { number in
      step(
        realA: .normal([2, 16, 16, 3], seed: UInt64(10 + number)),
        realB: .normal([2, 16, 16, 3], seed: UInt64(20 + number)),
        chances: CycleGANChances(
          seed: 1, step: number, batch: 2, poolSize: step.options.poolSize))
    }
  }

  private static func weights(_ step: CycleGANStep) -> [String: Tensor] {
    let networks = step.networks
    let all = networks.generatorParameters + networks.discriminatorParameters
    return Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0.parameter.value) })
  }

  @Test("The same bits for any number of threads, with dropout")
  func threads() {
    let results = [1, 3].map { threads in
      let step = Self.makeStep(dropout: true, on: CPUBackend(threads: threads))
      let last = Self.run(step, steps: 0..<3).last!
      return (Self.weights(step), last.losses, last.recoveredA)
    }
    #expect(results[0].0 == results[1].0)
    #expect(results[0].1 == results[1].1)
    #expect(results[0].2 == results[1].2)
  }

  @Test("Batch norm's running statistics are the same for any number of threads")
  func runningStatistics() {
    func values(threads: Int) -> [[String: Tensor]] {
      let step = Self.makeStep(norm: .batch, on: CPUBackend(threads: threads))
      #expect(!step.runsSideBySide([1, 16, 16, 3]) && !step.runsTogether([1, 16, 16, 3]))
      _ = Self.run(step, steps: 0..<2)
      return step.networks.networks.map(\.network.values)
    }
    #expect(values(threads: 1) == values(threads: 2))
  }

  @Test("A training continued from its state equals one in a piece")
  func resume() throws {
    let whole = Self.makeStep(), first = Self.makeStep(), second = Self.makeStep()
    _ = Self.run(whole, steps: 0..<4)
    _ = Self.run(first, steps: 0..<2)
    for (from, to) in zip(first.networks.networks, second.networks.networks) {
      try to.network.load(from.network.values)
    }
    second.generatorAdam.state = first.generatorAdam.state
    second.discriminatorAdam.state = first.discriminatorAdam.state
    (second.poolA.images, second.poolB.images) = (first.poolA.images, first.poolB.images)
    _ = Self.run(second, steps: 2..<4)
    #expect(Self.weights(second) == Self.weights(whole))
  }

  @Test(
    "Every trained parameter moves, under every loss", arguments: AdversarialLoss.allCases)
  func everythingMoves(loss: AdversarialLoss) {
    let step = Self.makeStep(CycleGANOptions(adversarialLoss: loss))
    let before = Self.weights(step)
    let result = Self.run(step, steps: 0..<1)[0]
    let after = Self.weights(step)
    let parameters = step.networks.generatorParameters + step.networks.discriminatorParameters
    for named in parameters {
      // A critic's last bias shifts all judgements alike: where the loss is straight, real and
      // fake cancel it.
      let isStraight = [.hinge, .wasserstein, .wganGP].contains(loss)
      let isFlat = isStraight && named.path.hasSuffix("model.5.bias")
      let moves = named.parameter.role.isTrained && !isFlat
      #expect((before[named.path] != after[named.path]) == moves, "\(named.path)")
    }
    #expect(result.losses.named.allSatisfy { $0.value.isFinite && $0.value != 0 })
  }

  @Test("Discriminators see changed pictures where asked, in both updates")
  func augmented() {
    for loss in [AdversarialLoss.lsgan, .wganGP] {
      let plain = Self.makeStep(CycleGANOptions(adversarialLoss: loss))
      let augmented = Self.makeStep(
        CycleGANOptions(adversarialLoss: loss, discriminatorAugmentation: .always))
      let (asIs, changed) = (Self.run(plain, steps: 0..<1)[0], Self.run(augmented, steps: 0..<1)[0])
      #expect(asIs.fakeB == changed.fakeB)
      #expect(asIs.losses.cycleA == changed.losses.cycleA)
      #expect(asIs.losses.adversarialAB != changed.losses.adversarialAB)
      #expect(asIs.losses.discriminatorB != changed.losses.discriminatorB)
    }
  }

  @Test("A discriminator that is too sure is shown more changed pictures")
  func adaptive() {
    let step = Self.makeStep(
      CycleGANOptions(adversarialLoss: .vanilla, discriminatorAugmentation: .adaptive))
    // A last bias so large that everything is called real.
    for named in step.networks.discriminatorA.parameters where named.path.hasSuffix("model.5.bias")
    {
      named.parameter.value = Tensor(repeating: 100, named.parameter.value.shape)
    }
    _ = Self.run(step, steps: 0..<4)
    #expect(step.adaptiveA.value == Float(8) / 4000)
    #expect(step.adaptiveB.value == 0)
  }

  @Test("Each network runs once per use, and identities only if weighted")
  func passes() {
    func convolutions(
      lambdaIdentity: Float, norm: GeneratorDescription.Norm = .instance
    ) -> Int {
      let backend = CountingBackend()
      let step = Self.makeStep(
        CycleGANOptions(lambdaIdentity: lambdaIdentity), norm: norm, on: backend)
      _ = Self.run(step, steps: 0..<1)
      return backend.calls.filter { $0 == "filter gradient" }.count
    }
    // Eight filters a generator, three a discriminator; two passes through each generator, with
    // identities in one of them, and one judgement by each discriminator, of real and fake pictures.
    // No discriminator's filters take part in the generators' step.
    #expect(convolutions(lambdaIdentity: 0) == 8 * 4 + 3 * 2)
    #expect(convolutions(lambdaIdentity: 0.5) == 8 * 4 + 3 * 2)
    // A norm over the batch must not mix real and fake pictures, nor pictures of two tasks.
    #expect(convolutions(lambdaIdentity: 0.5, norm: .batch) == 8 * 6 + 3 * 4)
  }

  @Test("Without identity losses their pictures and losses are absent")
  func identities() {
    let with = Self.run(Self.makeStep(), steps: 0..<1)[0]
    #expect(with.identityA?.shape == with.fakeA.shape)
    #expect(with.losses.identityB > 0)
    let without = Self.run(
      Self.makeStep(CycleGANOptions(lambdaIdentity: 0)), steps: 0..<1)[0]
    #expect(without.identityA == nil && without.identityB == nil)
    #expect(without.losses.identityA == 0 && without.losses.identityB == 0)
  }

  @Test("Domains may differ in their channels")
  func channels() {
    let networks = CycleGAN(
      generator: GeneratorDescription(blocks: 1, filters: 2, inputChannels: 1, outputChannels: 3),
      discriminator: DiscriminatorDescription(layers: 1, filters: 2))
    networks.initialize(seed: 1)
    let step = CycleGANStep(
      networks, CycleGANOptions(lambdaIdentity: 0), on: CPUBackend(threads: 1))
    let result = step(
      realA: .normal([1, 16, 16, 1]), realB: .normal([1, 16, 16, 3]),
      chances: CycleGANChances(seed: 1, step: 0, batch: 1, poolSize: 50))
    #expect(result.fakeB.shape == [1, 16, 16, 3])
    #expect(result.recoveredB.shape == [1, 16, 16, 3])
    #expect(result.fakeA.shape == [1, 16, 16, 1])
  }
}
