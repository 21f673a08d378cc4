import ConvolutionCore
import GANs

extension GANTrainingOptions {
  /// What a step takes on this machine, measured by real steps that leave no trace.
  ///
  /// - Parameters:
  ///   - samples: What would be learnt from.
  ///   - backend: The device that computes.
  ///   - seconds: How long to measure, at least two steps after the first.
  ///   - now: A clock in seconds.
  /// - Throws: `TrainingError` where such samples cannot be learnt from here.
  public func secondsPerStep(
    _ samples: SampleSource, on backend: any Backend, seconds: Double = 3,
    now: () -> Double = MonotonicClock.seconds
  ) throws -> Double {
    try requireFit(samples)
    try MemoryNeed.require(leastBytes, on: backend)
    let step = AdversarialStep(model, on: backend)
    step.initialize(model, seed: seed)
    var order = SampleOrder(samples, seed: seed)
    return MonotonicClock.secondsPerStep(for: seconds, now) { number in
      _ = step(turns(ofStep: number + 1, &order))
    }
  }

  /// Steps that show so many samples once.
  public func stepsPerEpoch(samples: Int) -> Int {
    let perStep = batch * model.options.criticSteps
    return (samples + perStep - 1) / perStep
  }

  /// What the discriminator's turns in a step, counted from 1, are given.
  func turns(ofStep number: Int, _ order: inout SampleOrder) -> [AdversarialTurn] {
    let criticSteps = model.options.criticSteps
    return ((number - 1) * criticSteps..<number * criticSteps).map { turn in
      let (real, labels) = order.batch(turn: turn, count: batch)
      return AdversarialTurn(
        real: real, labels: labels, for: model.generator, seed: seed, number: turn)
    }
  }
}

extension AdversarialStep {
  /// Draws the first weights of a training.
  func initialize(_ model: AdversarialModel, seed: UInt64) {
    generator.initialize(seed: seed, name: "generator", gain: model.generator.kind.gain)
    discriminator.initialize(
      seed: seed, name: "discriminator", gain: model.discriminator.kind.gain)
  }
}
