import ConvolutionCore
import Layers
import Tensors

// The halves of a step, each up to its optimizer. Between them the host decides what is shown.

extension CycleGANStep {
  /// Both directions; the generators get their gradients.
  func generatorsTurn(_ forthWay: Way, _ backWay: Way, realA: Tensor, realB: Tensor)
    -> (forth: Outcome, back: Outcome)
  {
    let parameters = networks.generatorParameters
    let isSideBySide = runsSideBySide(realA.shape)
    var made = turn(
      generatorTurn, with: [realA, realB], reading: parameters + networks.discriminatorParameters
    ) { backend, pictures in
      let (realA, realB) = (pictures[0], pictures[1])
      let sums = GradientSums(), sumsBack = isSideBySide ? GradientSums() : sums
      let (forth, back) = backend.both(
        sideBySide: isSideBySide,
        { outcome(of: forthWay, from: realA, to: realB, on: $0, sums) },
        { outcome(of: backWay, from: realB, to: realA, on: $0, sumsBack) })
      if isSideBySide { sums.add(sumsBack, for: parameters, on: backend) }
      return forth.tensors + back.tensors + sums.take(for: parameters)
    }
    let forth = Outcome(taking: &made), back = Outcome(taking: &made)
    add(made, to: parameters)
    return (forth, back)
  }

  /// Both judgements; the discriminators get their gradients.
  func discriminatorsTurn(_ trialB: Trial, _ trialA: Trial) -> (b: Judgement, a: Judgement) {
    let parameters = [trialB, trialA].flatMap(\.judge.network.parameters)
    var made = turn(
      discriminatorTurn, with: [trialB.real, trialB.fake, trialA.real, trialA.fake],
      reading: parameters
    ) { backend, pictures in
      var trials = [trialB, trialA]
      for index in 0..<2 {
        (trials[index].real, trials[index].fake) = (pictures[2 * index], pictures[2 * index + 1])
      }
      let sums = [GradientSums(), GradientSums()]
      let (b, a) = backend.both(
        sideBySide: runsSideBySide(trialB.real.shape),
        { judgement(trials[0], on: $0, sums[0]) }, { judgement(trials[1], on: $0, sums[1]) })
      return b.tensors + a.tensors
        + zip(trials, sums).flatMap { $1.take(for: $0.judge.network.parameters) }
    }
    let b = Judgement(taking: &made), a = Judgement(taking: &made)
    add(made, to: parameters)
    return (b, a)
  }

  private func add(_ gradients: ArraySlice<Tensor?>, to parameters: [NamedParameter]) {
    for case (let named, let gradient?) in zip(parameters, gradients) {
      named.parameter.add(gradient, on: backend)
    }
  }

  /// A half of the step, as a work that is repeated where nothing in it is left to chance.
  private func turn(
    _ work: RepeatableWork, with pictures: [Tensor], reading parameters: [NamedParameter],
    _ body: (any Backend, [Tensor]) -> [Tensor?]
  ) -> ArraySlice<Tensor?> {
    guard isRepeatable else { return body(backend, pictures)[...] }
    return backend.repeated(
      work, inputs: pictures, reading: parameters.map(\.parameter.value), body)[...]
  }

  /// Whether each step asks for the same, with other pictures and weights: no dropout, nothing changed
  /// by chance before it is judged, no running statistics that are measured on the way.
  private var isRepeatable: Bool {
    let generator = networks.generator, discriminator = networks.discriminator
    return !generator.dropout && generator.norm != .batch && discriminator.norm != .batch
      && !discriminator.isSpectral && options.discriminatorAugmentation == nil
      && options.adversarialLoss != .wganGP
  }
}
