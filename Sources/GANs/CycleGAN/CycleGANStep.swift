import Autograd
import ConvolutionCore
import Layers
import Tensors

/// One step of training after another, in the order of the paper, with all that it remembers.
///
/// - SeeAlso: Zhu et al., arXiv:1703.10593, section 3 and 4.
public final class CycleGANStep {
  /// The networks in training.
  public let networks: CycleGAN
  /// The numbers of the training.
  public let options: CycleGANOptions
  /// The device that computes.
  public let backend: any Backend
  /// Past fakes of A.
  public var poolA: ImagePool
  /// Past fakes of B.
  public var poolB: ImagePool
  /// How often A's discriminator sees a picture changed, where that adapts.
  public var adaptiveA = AdaptiveProbability()
  /// The same for B's.
  public var adaptiveB = AdaptiveProbability()
  /// The optimizer of both generators.
  public let generatorAdam: Adam
  /// The optimizer of both discriminators.
  public let discriminatorAdam: Adam

  /// Prepares a training of networks whose weights have been drawn or loaded.
  ///
  /// Traps if identity losses are asked for between domains of different channels.
  public init(_ networks: CycleGAN, _ options: CycleGANOptions, on backend: any Backend) {
    let generator = networks.generator
    precondition(
      options.lambdaIdentity == 0 || generator.inputChannels == generator.outputChannels,
      "identity losses from \(generator.inputChannels) to \(generator.outputChannels) channels")
    self.networks = networks
    self.options = options
    self.backend = backend
    poolA = ImagePool(size: options.poolSize)
    poolB = ImagePool(size: options.poolSize)
    generatorAdam = Adam(networks.generatorParameters, options.adam, on: backend)
    discriminatorAdam = Adam(networks.discriminatorParameters, options.adam, on: backend)
  }

  /// Makes one step.
  ///
  /// The two directions are independent until the optimizers, and so are the two judgements. They
  /// run side by side where the pictures are small, and one after the other, in half the memory,
  /// where they are large. Each part has a tape of its own, and their gradients add up.
  /// - Parameters:
  ///   - realA: Pictures of A, `[N, H, W, C]` in −1…1.
  ///   - realB: As many of B.
  ///   - chances: What is left to chance.
  ///   - rateFactor: What the schedule makes of the learning rate.
  public func callAsFunction(
    realA: Tensor, realB: Tensor, chances: CycleGANChances, rateFactor: Double = 1
  ) -> CycleGANStepResult {
    let learningRate = options.learningRate * rateFactor
    let isSideBySide = runsSideBySide(realA.shape)
    let judgeA = Judge(networks.discriminatorA, augmentation(adaptiveA))
    let judgeB = Judge(networks.discriminatorB, augmentation(adaptiveB))

    // The generators; the discriminators stay as they are.
    let sumsForth = GradientSums(), sumsBack = isSideBySide ? GradientSums() : sumsForth
    let (forth, back) = backend.both(
      sideBySide: isSideBySide,
      { backend in
        Direction(
          cycle: cycle(
            realA, there: networks.generatorAB, back: networks.generatorBA,
            judge: judgeB, lambda: options.lambdaA, on: backend,
            chances.dropout("A → B → A"), sumsForth),
          identity: identity(
            realB, networks.generatorAB, lambda: options.lambdaB, on: backend,
            chances.dropout("B → B"), sumsForth))
      },
      { backend in
        Direction(
          cycle: cycle(
            realB, there: networks.generatorBA, back: networks.generatorAB,
            judge: judgeA, lambda: options.lambdaB, on: backend,
            chances.dropout("B → A → B"), sumsBack),
          identity: identity(
            realA, networks.generatorBA, lambda: options.lambdaA, on: backend,
            chances.dropout("A → A"), sumsBack))
      })
    for sums in [sumsForth, sumsBack] { sums.move(into: networks.generatorParameters, on: backend) }
    generatorAdam.step(learningRate: learningRate)

    // The discriminators, shown fakes of this step and of earlier ones.
    let shownB = poolB.exchange(forth.cycle.fake, chances.poolB)
    let shownA = poolA.exchange(back.cycle.fake, chances.poolA)
    let (judgedB, judgedA) = backend.both(
      sideBySide: isSideBySide,
      { backend in
        judgement(
          judgeB, real: realB, fake: shownB, alphas: chances.alphasB, on: backend,
          chances.dropout("judge B"))
      },
      { backend in
        judgement(
          judgeA, real: realA, fake: shownA, alphas: chances.alphasA, on: backend,
          chances.dropout("judge A"))
      })
    discriminatorAdam.step(learningRate: learningRate)
    adaptiveA.note(sureness: judgedA.sureness, pictures: realA.shape.batch)
    adaptiveB.note(sureness: judgedB.sureness, pictures: realB.shape.batch)

    var losses = CycleGANLosses()
    (losses.discriminatorA, losses.discriminatorB) = (judgedA.loss, judgedB.loss)
    (losses.adversarialAB, losses.cycleA) = (forth.cycle.adversarialLoss, forth.cycle.cycleLoss)
    (losses.adversarialBA, losses.cycleB) = (back.cycle.adversarialLoss, back.cycle.cycleLoss)
    (losses.identityB, losses.identityA) = (forth.identity?.loss ?? 0, back.identity?.loss ?? 0)
    return CycleGANStepResult(
      losses: losses, fakeB: forth.cycle.fake, fakeA: back.cycle.fake,
      recoveredA: forth.cycle.recovered, recoveredB: back.cycle.recovered,
      identityA: back.identity?.picture, identityB: forth.identity?.picture)
  }

  /// Whether two tapes at once are no burden: up to 128×128 at 16 filters.
  ///
  /// There a layer is short, and threads that share each layer wait for one another too often.
  /// Decided by the problem, never by the number of threads, which must not change the result.
  private func runsSideBySide(_ pictures: Shape) -> Bool {
    pictures.batch * pictures.height * pictures.width * networks.generator.filters
      <= 128 * 128 * 16
  }

  /// What one direction makes: a cycle, and an identity where one is asked for.
  private struct Direction {
    let cycle: Cycle
    let identity: Identity?
  }

  private struct Identity {
    let picture: Tensor
    let loss: Float
  }

  private struct Cycle {
    let fake: Tensor, recovered: Tensor
    let adversarialLoss: Float, cycleLoss: Float
  }

  /// Translates there and back: the fake is to deceive the judge, the recovered picture to be the
  /// real one.
  private func cycle(
    _ picture: Tensor, there: any Module, back: any Module, judge: Judge, lambda: Float,
    on backend: any Backend, _ random: SeededRandom, _ sums: GradientSums
  ) -> Cycle {
    let tape = Tape(training: backend, random: random)
    let real = tape.constant(picture)
    let fake = there(real)
    let recovered = back(fake)
    let adversarialLoss = options.adversarialLoss.fooling(judge(fake))
    let cycleLoss = lambda * absoluteDistance(recovered, real)
    sums.add(gradientsOf: adversarialLoss + cycleLoss, for: there.parameters + back.parameters)
    return Cycle(
      fake: fake.value, recovered: recovered.value, adversarialLoss: adversarialLoss.value.scalar,
      cycleLoss: cycleLoss.value.scalar)
  }

  /// A generator is to leave alone what is already of its domain.
  private func identity(
    _ picture: Tensor, _ generator: any Module, lambda: Float, on backend: any Backend,
    _ random: SeededRandom, _ sums: GradientSums
  ) -> Identity? {
    guard options.lambdaIdentity > 0 else { return nil }
    let tape = Tape(training: backend, random: random)
    let real = tape.constant(picture)
    let same = generator(real)
    let loss = (lambda * options.lambdaIdentity) * absoluteDistance(same, real)
    sums.add(gradientsOf: loss, for: generator.parameters)
    return Identity(picture: same.value, loss: loss.value.scalar)
  }

  /// What becomes of pictures before a discriminator sees them.
  private func augmentation(_ adaptive: AdaptiveProbability) -> DiffAugment? {
    switch options.discriminatorAugmentation {
    case nil: nil
    case .always: DiffAugment()
    case .adaptive: DiffAugment(probability: adaptive.value)
    }
  }

  /// A discriminator, and what it sees of pictures.
  private struct Judge {
    let network: any Module
    let augmentation: DiffAugment?

    init(_ network: any Module, _ augmentation: DiffAugment?) {
      (self.network, self.augmentation) = (network, augmentation)
    }

    func callAsFunction(_ picture: Variable) -> Variable {
      guard let augmentation else { return network(picture) }
      return network(augmentation(picture, using: &picture.tape.random))
    }
  }

  private struct Judgement {
    let loss: Float
    /// How sure it was of the real pictures: `AdaptiveProbability`.
    let sureness: Float
  }

  /// A discriminator is to tell real from fake: half of both losses, and the penalty on top.
  private func judgement(
    _ judge: Judge, real: Tensor, fake: Tensor, alphas: [Float],
    on backend: any Backend, _ random: SeededRandom
  ) -> Judgement {
    let tape = Tape(training: backend, random: random)
    let ofReal = judge(tape.constant(real))
    let onReal = options.adversarialLoss(ofReal, isReal: true)
    let onFake = options.adversarialLoss(judge(tape.constant(fake)), isReal: false)
    var loss = 0.5 * (onReal + onFake)
    if options.adversarialLoss == .wganGP {
      loss =
        loss
        + gradientPenalty(
          judge.callAsFunction, real: real, fake: fake, alphas: alphas,
          factor: options.lambdaPenalty, on: tape)
    }
    tape.accumulateGradients(of: loss, into: judge.network.parameters)
    return Judgement(
      loss: loss.value.scalar, sureness: options.adversarialLoss.sureness(of: ofReal.value))
  }
}
