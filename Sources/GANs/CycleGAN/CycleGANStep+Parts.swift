import Autograd
import ConvolutionCore
import Layers
import Tensors

// What the halves of a step are made of: the ways between the domains, and the judges.

extension CycleGANStep {
  /// One way between the domains, and by what it is trained.
  struct Way {
    let there: any Module, back: any Module
    /// Sees what is made there.
    let judge: Judge
    let lambdaCycle: Float, lambdaIdentity: Float
    let cycleChances: SeededRandom, identityChances: SeededRandom
  }

  /// What comes of one way.
  struct Outcome {
    let fake: Tensor, recovered: Tensor
    let adversarialLoss: Tensor, cycleLoss: Tensor
    var identity: Tensor?, identityLoss: Tensor?

    /// The parts as a list, from which `init(taking:)` takes them.
    var tensors: [Tensor?] {
      [fake, recovered, adversarialLoss, cycleLoss, identity, identityLoss]
    }
  }

  /// Translates `source` there and back, and `target` to what it is already.
  func outcome(
    of way: Way, from source: Tensor, to target: Tensor, on backend: any Backend,
    _ sums: GradientSums
  ) -> Outcome {
    guard way.lambdaIdentity > 0 else { return cycle(way, source, on: backend, sums) }
    if runsTogether(source.shape) {
      return cycle(way, source, besides: target, on: backend, sums)
    }
    var outcome = cycle(way, source, on: backend, sums)
    let tape = Tape(training: backend, random: way.identityChances)
    let real = tape.constant(target)
    let same = way.there(real)
    let loss = way.lambdaIdentity * absoluteDistance(same, real)
    sums.add(gradientsOf: loss, for: way.there.parameters)
    (outcome.identity, outcome.identityLoss) = (same.value, loss.value)
    return outcome
  }

  /// The fake is to deceive the judge, the recovered picture to be the real one.
  ///
  /// - Parameter others: Pictures that are to stay as they are, in one batch with the others.
  private func cycle(
    _ way: Way, _ pictures: Tensor, besides others: Tensor? = nil, on backend: any Backend,
    _ sums: GradientSums
  ) -> Outcome {
    let tape = Tape(training: backend, random: way.cycleChances)
    let real = tape.constant(pictures), other = others.map { tape.constant($0) }
    let made = way.there(other.map { concatenatePictures([real, $0]) } ?? real)
    let count = pictures.shape.batch
    let fake = other == nil ? made : made.pictures(0..<count)
    let recovered = way.back(fake)
    let adversarialLoss = options.adversarialLoss.fooling(way.judge(fake))
    let cycleLoss = way.lambdaCycle * absoluteDistance(recovered, real)
    var loss = adversarialLoss + cycleLoss
    var outcome = Outcome(
      fake: fake.value, recovered: recovered.value, adversarialLoss: adversarialLoss.value,
      cycleLoss: cycleLoss.value)
    if let other {
      let same = made.pictures(count..<made.shape.batch)
      let identityLoss = way.lambdaIdentity * absoluteDistance(same, other)
      loss = loss + identityLoss
      (outcome.identity, outcome.identityLoss) = (same.value, identityLoss.value)
    }
    sums.add(gradientsOf: loss, for: way.there.parameters + way.back.parameters)
    return outcome
  }

  /// What becomes of pictures before a discriminator sees them.
  func augmentation(_ adaptive: AdaptiveProbability) -> DiffAugment? {
    switch options.discriminatorAugmentation {
    case nil: nil
    case .always: DiffAugment()
    case .adaptive: DiffAugment(probability: adaptive.value)
    }
  }

  /// A discriminator, and what it sees of pictures.
  struct Judge {
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

  /// What a discriminator is shown.
  struct Trial {
    let judge: Judge
    var real: Tensor, fake: Tensor
    let alphas: [Float]
    let chances: SeededRandom
  }

  /// What comes of it.
  struct Judgement {
    let loss: Tensor
    /// What it said of the real pictures.
    let ofReal: Tensor

    /// The parts as a list, from which `init(taking:)` takes them.
    var tensors: [Tensor?] { [loss, ofReal] }
  }

  /// How sure a discriminator was of the real pictures: `AdaptiveProbability`.
  func sureness(_ judgement: Judgement) -> Float {
    options.adversarialLoss.sureness(of: judgement.ofReal)
  }

  /// A discriminator is to tell real from fake: half of both losses, and the penalty on top.
  func judgement(_ trial: Trial, on backend: any Backend, _ sums: GradientSums) -> Judgement {
    let tape = Tape(training: backend, random: trial.chances)
    let (real, fake) = (tape.constant(trial.real), tape.constant(trial.fake))
    let (ofReal, ofFake) = judgements(trial.judge, real, fake)
    let onReal = options.adversarialLoss(ofReal, isReal: true)
    let onFake = options.adversarialLoss(ofFake, isReal: false)
    var loss = 0.5 * (onReal + onFake)
    if options.adversarialLoss == .wganGP {
      loss =
        loss
        + gradientPenalty(
          trial.judge.callAsFunction, real: trial.real, fake: trial.fake, alphas: trial.alphas,
          factor: options.lambdaPenalty, on: tape)
    }
    sums.add(gradientsOf: loss, for: trial.judge.network.parameters)
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

extension CycleGANStep.Outcome {
  /// Takes an outcome's parts from the front of a list.
  init(taking list: inout ArraySlice<Tensor?>) {
    self.init(
      fake: list.take(), recovered: list.take(), adversarialLoss: list.take(),
      cycleLoss: list.take(), identity: list.removeFirst(), identityLoss: list.removeFirst())
  }
}

extension CycleGANStep.Judgement {
  /// Takes a judgement's parts from the front of a list.
  init(taking list: inout ArraySlice<Tensor?>) {
    self.init(loss: list.take(), ofReal: list.take())
  }
}

extension ArraySlice<Tensor?> {
  /// Takes the first, which is always there.
  fileprivate mutating func take() -> Tensor {
    guard let tensor = removeFirst() else { preconditionFailure("a part of a step is missing") }
    return tensor
  }
}
