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
    let sumsForth = GradientSums(), sumsBack = isSideBySide ? GradientSums() : sumsForth
    let (forth, back) = backend.both(
      sideBySide: isSideBySide,
      { direction(forthWay, from: realA, to: realB, on: $0, sumsForth) },
      { direction(backWay, from: realB, to: realA, on: $0, sumsBack) })
    for sums in [sumsForth, sumsBack] { sums.move(into: networks.generatorParameters, on: backend) }
    generatorAdam.step(learningRate: learningRate)

    // The discriminators, shown fakes of this step and of earlier ones.
    let shownB = poolB.exchange(forth.fake, chances.poolB, on: backend)
    let shownA = poolA.exchange(back.fake, chances.poolA, on: backend)
    let (judgedB, judgedA) = backend.both(
      sideBySide: isSideBySide,
      { backend in
        judgement(
          forthWay.judge, real: realB, fake: shownB, alphas: chances.alphasB, on: backend,
          chances.dropout("judge B"))
      },
      { backend in
        judgement(
          backWay.judge, real: realA, fake: shownA, alphas: chances.alphasA, on: backend,
          chances.dropout("judge A"))
      })
    discriminatorAdam.step(learningRate: learningRate)

    // Numbers are read last, since reading waits for a device that works by itself.
    adaptiveA.note(sureness: sureness(judgedA), pictures: realA.shape.batch)
    adaptiveB.note(sureness: sureness(judgedB), pictures: realB.shape.batch)
    var losses = CycleGANLosses()
    (losses.discriminatorA, losses.discriminatorB) = (judgedA.loss.scalar, judgedB.loss.scalar)
    (losses.adversarialAB, losses.cycleA) = (forth.adversarialLoss.scalar, forth.cycleLoss.scalar)
    (losses.adversarialBA, losses.cycleB) = (back.adversarialLoss.scalar, back.cycleLoss.scalar)
    losses.identityB = forth.identityLoss?.scalar ?? 0
    losses.identityA = back.identityLoss?.scalar ?? 0
    return CycleGANStepResult(
      losses: losses, fakeB: forth.fake, fakeA: back.fake,
      recoveredA: forth.recovered, recoveredB: back.recovered,
      identityA: back.identity, identityB: forth.identity)
  }

  /// Whether two tapes at once are no burden: up to 128×128 at 32 filters.
  ///
  /// There a layer is short, and threads that share each layer wait for one another too often.
  /// Decided by the problem, never by the number of threads, which must not change the result.
  private func runsSideBySide(_ pictures: Shape) -> Bool {
    size(of: pictures) <= 128 * 128 * 32
  }

  /// Whether pictures to translate and those to leave alone are one batch: up to 128×128 at 64
  /// filters, since larger ones take memory and gain nothing, except on a device that one picture
  /// does not fill.
  ///
  /// Small layers are slow for the filters that they read; a batch reads them once. It is no
  /// batch to a norm that looks at each picture alone.
  private func runsTogether(_ pictures: Shape) -> Bool {
    guard networks.generator.norm != .batch else { return false }
    return !backend.isFilledByOnePicture || size(of: pictures) <= 128 * 128 * 64
  }

  private func size(of pictures: Shape) -> Int {
    pictures.batch * pictures.height * pictures.width * networks.generator.filters
  }

  /// One way between the domains, and by what it is trained.
  private struct Way {
    let there: any Module, back: any Module
    /// Sees what is made there.
    let judge: Judge
    let lambdaCycle: Float, lambdaIdentity: Float
    let cycleChances: SeededRandom, identityChances: SeededRandom
  }

  /// What one direction makes.
  private struct Direction {
    let fake: Tensor, recovered: Tensor
    let adversarialLoss: Tensor, cycleLoss: Tensor
    var identity: Tensor?, identityLoss: Tensor?
  }

  /// Translates `source` there and back, and `target` to what it is already.
  private func direction(
    _ way: Way, from source: Tensor, to target: Tensor, on backend: any Backend,
    _ sums: GradientSums
  ) -> Direction {
    guard way.lambdaIdentity > 0 else { return cycle(way, source, on: backend, sums) }
    if runsTogether(source.shape) {
      return cycle(way, source, besides: target, on: backend, sums)
    }
    var direction = cycle(way, source, on: backend, sums)
    let tape = Tape(training: backend, random: way.identityChances)
    let real = tape.constant(target)
    let same = way.there(real)
    let loss = way.lambdaIdentity * absoluteDistance(same, real)
    sums.add(gradientsOf: loss, for: way.there.parameters)
    (direction.identity, direction.identityLoss) = (same.value, loss.value)
    return direction
  }

  /// The fake is to deceive the judge, the recovered picture to be the real one.
  ///
  /// - Parameter others: Pictures that are to stay as they are, in one batch with the others.
  private func cycle(
    _ way: Way, _ pictures: Tensor, besides others: Tensor? = nil, on backend: any Backend,
    _ sums: GradientSums
  ) -> Direction {
    let tape = Tape(training: backend, random: way.cycleChances)
    let real = tape.constant(pictures), other = others.map { tape.constant($0) }
    let made = way.there(other.map { concatenatePictures([real, $0]) } ?? real)
    let count = pictures.shape.batch
    let fake = other == nil ? made : made.pictures(0..<count)
    let recovered = way.back(fake)
    let adversarialLoss = options.adversarialLoss.fooling(way.judge(fake))
    let cycleLoss = way.lambdaCycle * absoluteDistance(recovered, real)
    var loss = adversarialLoss + cycleLoss
    var direction = Direction(
      fake: fake.value, recovered: recovered.value, adversarialLoss: adversarialLoss.value,
      cycleLoss: cycleLoss.value)
    if let other {
      let same = made.pictures(count..<made.shape.batch)
      let identityLoss = way.lambdaIdentity * absoluteDistance(same, other)
      loss = loss + identityLoss
      (direction.identity, direction.identityLoss) = (same.value, identityLoss.value)
    }
    sums.add(gradientsOf: loss, for: way.there.parameters + way.back.parameters)
    return direction
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
    let loss: Tensor
    /// What it said of the real pictures.
    let ofReal: Tensor
  }

  /// How sure a discriminator was of the real pictures: `AdaptiveProbability`.
  private func sureness(_ judgement: Judgement) -> Float {
    options.adversarialLoss.sureness(of: judgement.ofReal)
  }

  /// A discriminator is to tell real from fake: half of both losses, and the penalty on top.
  private func judgement(
    _ judge: Judge, real: Tensor, fake: Tensor, alphas: [Float],
    on backend: any Backend, _ random: SeededRandom
  ) -> Judgement {
    let tape = Tape(training: backend, random: random)
    let (ofReal, ofFake) = judgements(judge, tape.constant(real), tape.constant(fake))
    let onReal = options.adversarialLoss(ofReal, isReal: true)
    let onFake = options.adversarialLoss(ofFake, isReal: false)
    var loss = 0.5 * (onReal + onFake)
    if options.adversarialLoss == .wganGP {
      loss =
        loss
        + gradientPenalty(
          judge.callAsFunction, real: real, fake: fake, alphas: alphas,
          factor: options.lambdaPenalty, on: tape)
    }
    tape.accumulateGradients(of: loss, into: judge.network.parameters)
    return Judgement(loss: loss.value, ofReal: ofReal.value)
  }

  /// What a discriminator says of real pictures and of fakes.
  ///
  /// They are one batch where its norm looks at each picture alone: its filters are read once.
  private func judgements(_ judge: Judge, _ real: Variable, _ fake: Variable)
    -> (ofReal: Variable, ofFake: Variable)
  {
    guard networks.discriminator.norm != .batch else { return (judge(real), judge(fake)) }
    let all = judge(concatenatePictures([real, fake])), count = real.shape.batch
    return (all.pictures(0..<count), all.pictures(count..<all.shape.batch))
  }
}
