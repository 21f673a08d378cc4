import Autograd
import ConvolutionCore
import Layers
import Tensors

/// One step of training after another: the discriminator's turns, then the generator's.
///
/// Every family plays this game; loss, turns, constraint and optimizer are values.
/// - SeeAlso: Goodfellow et al., arXiv:1406.2661, algorithm 1; Arjovsky et al., arXiv:1701.07875,
///   algorithm 1; Gulrajani et al., arXiv:1704.00028, algorithm 1.
public final class AdversarialStep {
  /// Makes samples from noise.
  public let generator: LabelledNetwork
  /// Tells them from real ones.
  public let discriminator: LabelledNetwork
  /// The game.
  public let options: AdversarialOptions
  /// The device that computes.
  public let backend: any Backend
  /// The generator's optimizer.
  public let generatorOptimizer: any Optimizer
  /// The discriminator's.
  public let discriminatorOptimizer: any Optimizer

  /// Prepares a training; the networks' weights are zero until initialized or loaded.
  public init(_ model: AdversarialModel, on backend: any Backend) {
    generator = model.generator.network()
    discriminator = model.discriminator.network()
    options = model.options
    self.backend = backend
    generatorOptimizer = options.optimizer.optimizer(generator.parameters, on: backend)
    discriminatorOptimizer = options.optimizer.optimizer(discriminator.parameters, on: backend)
  }

  /// Makes one step.
  ///
  /// - Parameters:
  ///   - turns: What each of the discriminator's turns is given; the generator is judged by what
  ///     it made for the last one.
  ///   - rateFactor: What the schedule makes of the learning rates.
  public func callAsFunction(
    _ turns: [AdversarialTurn], rateFactor: Double = 1
  ) -> AdversarialStepResult {
    precondition(!turns.isEmpty, "a step without a turn of the discriminator")
    for turn in turns.dropLast() {
      let tape = Tape(training: backend, random: turn.dropout("generator"), recording: false)
      let fake = generator(tape.constant(turn.noise), labels: turn.labels)
      _ = judge(turn, fake: fake.value, rateFactor)
    }
    // What is made for the last turn is what the generator learns from, too.
    let turn = turns[turns.count - 1]
    let tape = Tape(training: backend, random: turn.dropout("generator"))
    let fake = generator(tape.constant(turn.noise), labels: turn.labels)
    let discriminatorLoss = judge(turn, fake: fake.value, rateFactor)

    // The discriminator has moved on; its judgement leads the generator.
    let loss = options.loss.fooling(discriminator(fake, labels: turn.labels))
    tape.accumulateGradients(of: loss, into: generator.parameters)
    let gradient = generator.gradientNorm(on: backend)
    generatorOptimizer.step(learningRate: options.learningRate * rateFactor)
    return AdversarialStepResult(
      generatorLoss: loss.value.scalar, discriminatorLoss: discriminatorLoss,
      generatorGradient: gradient, fake: fake.value)
  }

  /// The discriminator's turn: it is to tell real from fake, within its constraint.
  private func judge(
    _ turn: AdversarialTurn, fake: Tensor, _ rateFactor: Double
  ) -> Float {
    let tape = Tape(training: backend, random: turn.dropout("discriminator"))
    let onReal = discriminator(tape.constant(turn.real), labels: turn.labels)
    let onFake = discriminator(tape.constant(fake), labels: turn.labels)
    var loss =
      options.loss(onReal, isReal: true, smoothing: options.smoothing)
      + options.loss(onFake, isReal: false)
    if case .gradientPenalty(let factor) = options.constraint {
      loss =
        loss
        + gradientPenalty(
          { self.discriminator($0, labels: turn.labels) }, real: turn.real, fake: fake,
          alphas: turn.alphas, factor: factor, on: tape)
    }
    tape.accumulateGradients(of: loss, into: discriminator.parameters)
    discriminatorOptimizer.step(learningRate: options.criticLearningRate * rateFactor)
    options.constraint.hold(discriminator.parameters, on: backend)
    return loss.value.scalar
  }
}
