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
  let generatorTurn = RepeatableWork("The generators' turn")
  let discriminatorTurn = RepeatableWork("The discriminators' turn")

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
    let forthWay = Way(
      there: networks.generatorAB, back: networks.generatorBA,
      judge: Judge(networks.discriminatorB, augmentation(adaptiveB)),
      lambdaCycle: options.lambdaA, lambdaIdentity: options.lambdaB * options.lambdaIdentity,
      cycleChances: chances.dropout("A → B → A"), identityChances: chances.dropout("B → B"))
    let backWay = Way(
      there: networks.generatorBA, back: networks.generatorAB,
      judge: Judge(networks.discriminatorA, augmentation(adaptiveA)),
      lambdaCycle: options.lambdaB, lambdaIdentity: options.lambdaA * options.lambdaIdentity,
      cycleChances: chances.dropout("B → A → B"), identityChances: chances.dropout("A → A"))

    // The generators; the discriminators stay as they are.
    let (forth, back) = generatorsTurn(forthWay, backWay, realA: realA, realB: realB)
    generatorAdam.step(learningRate: learningRate)

    // The discriminators, shown fakes of this step and of earlier ones.
    let shownB = poolB.exchange(forth.fake, chances.poolB, on: backend)
    let shownA = poolA.exchange(back.fake, chances.poolA, on: backend)
    let (judgedB, judgedA) = discriminatorsTurn(
      Trial(
        judge: forthWay.judge, real: realB, fake: shownB, alphas: chances.alphasB,
        chances: chances.dropout("judge B")),
      Trial(
        judge: backWay.judge, real: realA, fake: shownA, alphas: chances.alphasA,
        chances: chances.dropout("judge A")))
    discriminatorAdam.step(learningRate: learningRate)

    // Numbers are read last, since reading waits for a device that works by itself.
    if options.discriminatorAugmentation == .adaptive {
      adaptiveA.note(sureness: sureness(judgedA), pictures: realA.shape.batch)
      adaptiveB.note(sureness: sureness(judgedB), pictures: realB.shape.batch)
    }
    let losses = self.losses([
      (\.discriminatorA, judgedA.loss), (\.discriminatorB, judgedB.loss),
      (\.adversarialAB, forth.adversarialLoss), (\.adversarialBA, back.adversarialLoss),
      (\.cycleA, forth.cycleLoss), (\.cycleB, back.cycleLoss),
      (\.identityA, back.identityLoss), (\.identityB, forth.identityLoss),
    ])
    return CycleGANStepResult(
      losses: losses, fakeB: forth.fake, fakeA: back.fake,
      recoveredA: forth.recovered, recoveredB: back.recovered,
      identityA: back.identity, identityB: forth.identity)
  }

  /// Reads losses, all at once; those that were not computed are 0.
  private func losses(
    _ terms: [(place: WritableKeyPath<CycleGANLosses, Float>, loss: Tensor?)]
  ) -> CycleGANLosses {
    let computed = terms.filter { $0.loss != nil }
    var losses = CycleGANLosses()
    for (term, value) in zip(computed, backend.scalars(computed.compactMap(\.loss))) {
      losses[keyPath: term.place] = value
    }
    return losses
  }

  /// Whether two tapes at once are no burden: up to 128×128 at 32 filters, and up to 256×256 at 128 on a
  /// device that one picture does not fill.
  ///
  /// There a layer is short, and threads that share each layer wait for one another too often.
  /// Decided by the problem, never by the number of threads, which must not change the result; nor may
  /// the order in which both directions update the running statistics of a batch norm.
  func runsSideBySide(_ pictures: Shape) -> Bool {
    guard networks.generator.norm != .batch else { return false }
    return size(of: pictures) <= (backend.isFilledByOnePicture ? 128 * 128 * 32 : 256 * 256 * 128)
  }

  /// Whether pictures to translate and those to leave alone are one batch: up to 128×128 at 64
  /// filters, since larger ones take memory and gain nothing, except on a device that one picture
  /// does not fill.
  ///
  /// Small layers are slow for the filters that they read; a batch reads them once. It is no
  /// batch to a norm that looks at each picture alone.
  func runsTogether(_ pictures: Shape) -> Bool {
    guard networks.generator.norm != .batch else { return false }
    return !backend.isFilledByOnePicture || size(of: pictures) <= 128 * 128 * 64
  }

  private func size(of pictures: Shape) -> Int {
    pictures.batch * pictures.height * pictures.width * networks.generator.filters
  }
}
