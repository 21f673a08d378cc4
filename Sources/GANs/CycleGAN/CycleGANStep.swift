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
  /// The parts run one after the other, each on a tape of its own, and their gradients add up:
  /// that takes half the memory of one tape for all.
  /// - Parameters:
  ///   - realA: Pictures of A, `[N, H, W, C]` in −1…1.
  ///   - realB: As many of B.
  ///   - chances: What is left to chance.
  ///   - rateFactor: What the schedule makes of the learning rate.
  public func callAsFunction(
    realA: Tensor, realB: Tensor, chances: CycleGANChances, rateFactor: Double = 1
  ) -> CycleGANStepResult {
    let learningRate = options.learningRate * rateFactor

    // The generators; the discriminators stay as they are.
    let forth = cycle(
      realA, there: networks.generatorAB, back: networks.generatorBA,
      judge: networks.discriminatorB, lambda: options.lambdaA, chances.dropout("A → B → A"))
    let back = cycle(
      realB, there: networks.generatorBA, back: networks.generatorAB,
      judge: networks.discriminatorA, lambda: options.lambdaB, chances.dropout("B → A → B"))
    let sameB = identity(
      realB, networks.generatorAB, lambda: options.lambdaB, chances.dropout("B → B"))
    let sameA = identity(
      realA, networks.generatorBA, lambda: options.lambdaA, chances.dropout("A → A"))
    generatorAdam.step(learningRate: learningRate)

    // The discriminators, shown fakes of this step and of earlier ones.
    let shownB = poolB.exchange(forth.fake, chances.poolB)
    let shownA = poolA.exchange(back.fake, chances.poolA)
    var losses = CycleGANLosses()
    losses.discriminatorB = judgement(
      networks.discriminatorB, real: realB, fake: shownB, alphas: chances.alphasB,
      chances.dropout("judge B"))
    losses.discriminatorA = judgement(
      networks.discriminatorA, real: realA, fake: shownA, alphas: chances.alphasA,
      chances.dropout("judge A"))
    discriminatorAdam.step(learningRate: learningRate)

    (losses.adversarialAB, losses.cycleA) = (forth.adversarialLoss, forth.cycleLoss)
    (losses.adversarialBA, losses.cycleB) = (back.adversarialLoss, back.cycleLoss)
    (losses.identityA, losses.identityB) = (sameA?.loss ?? 0, sameB?.loss ?? 0)
    return CycleGANStepResult(
      losses: losses, fakeB: forth.fake, fakeA: back.fake, recoveredA: forth.recovered,
      recoveredB: back.recovered, identityA: sameA?.picture, identityB: sameB?.picture)
  }

  private struct Cycle {
    let fake: Tensor, recovered: Tensor
    let adversarialLoss: Float, cycleLoss: Float
  }

  /// Translates there and back: the fake is to deceive the judge, the recovered picture to be the
  /// real one.
  private func cycle(
    _ picture: Tensor, there: any Module, back: any Module, judge: any Module, lambda: Float,
    _ random: SeededRandom
  ) -> Cycle {
    let tape = Tape(training: backend, random: random)
    let real = tape.constant(picture)
    let fake = there(real)
    let recovered = back(fake)
    let adversarialLoss = options.adversarialLoss(judge(fake), isReal: true)
    let cycleLoss = lambda * absoluteDistance(recovered, real)
    tape.accumulateGradients(
      of: adversarialLoss + cycleLoss, into: there.parameters + back.parameters)
    return Cycle(
      fake: fake.value, recovered: recovered.value, adversarialLoss: adversarialLoss.value.scalar,
      cycleLoss: cycleLoss.value.scalar)
  }

  /// A generator is to leave alone what is already of its domain.
  private func identity(
    _ picture: Tensor, _ generator: any Module, lambda: Float, _ random: SeededRandom
  ) -> (picture: Tensor, loss: Float)? {
    guard options.lambdaIdentity > 0 else { return nil }
    let tape = Tape(training: backend, random: random)
    let real = tape.constant(picture)
    let same = generator(real)
    let loss = (lambda * options.lambdaIdentity) * absoluteDistance(same, real)
    tape.accumulateGradients(of: loss, into: generator.parameters)
    return (same.value, loss.value.scalar)
  }

  /// A discriminator is to tell real from fake: half of both losses, and the penalty on top.
  private func judgement(
    _ discriminator: any Module, real: Tensor, fake: Tensor, alphas: [Float],
    _ random: SeededRandom
  ) -> Float {
    let tape = Tape(training: backend, random: random)
    let onReal = options.adversarialLoss(discriminator(tape.constant(real)), isReal: true)
    let onFake = options.adversarialLoss(discriminator(tape.constant(fake)), isReal: false)
    var loss = 0.5 * (onReal + onFake)
    if options.adversarialLoss == .wganGP {
      loss =
        loss
        + gradientPenalty(
          discriminator, real: real, fake: fake, alphas: alphas, factor: options.lambdaPenalty,
          on: tape)
    }
    tape.accumulateGradients(of: loss, into: discriminator.parameters)
    return loss.value.scalar
  }
}
