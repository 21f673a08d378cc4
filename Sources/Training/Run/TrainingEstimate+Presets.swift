import GANs

extension TrainingEstimate {
  /// Longer runs are asked about.
  private static let day = 86_400.0

  /// Estimates a run from its steps.
  package init(
    plan: TrainingPlan, secondsPerStep: Double, stepsDone: Int, shorterPresets: [Preset] = []
  ) {
    self.secondsPerStep = secondsPerStep
    totalSeconds = secondsPerStep * Double(plan.totalSteps)
    secondsLeft = secondsPerStep * Double(plan.totalSteps - stepsDone)
    self.shorterPresets = shorterPresets
  }

  /// Estimates a run from its steps, and what else could be run where it takes long.
  package init(
    _ options: TrainingOptions, plan: TrainingPlan, secondsPerStep: Double, stepsDone: Int
  ) {
    let estimate = TrainingEstimate(
      plan: plan, secondsPerStep: secondsPerStep, stepsDone: stepsDone)
    guard estimate.isLong else {
      self = estimate
      return
    }
    let secondsPerOperation = secondsPerStep / options.operationsPerStep
    let shorter = TrainingPreset.allCases.compactMap { preset in
      let other = TrainingOptions(
        preset: preset, domainA: options.domainA, domainB: options.domainB)
      let pictures = plan.stepsPerEpoch * options.batch
      let steps = TrainingPlan(
        length: other.length, schedule: other.schedule, stepsPerEpoch: pictures
      ).totalSteps
      let seconds = secondsPerOperation * other.operationsPerStep * Double(steps)
      return seconds < Self.day ? Preset(preset: preset, seconds: seconds) : nil
    }
    self.init(
      plan: plan, secondsPerStep: secondsPerStep, stepsDone: stepsDone, shorterPresets: shorter)
  }

  /// Whether the run takes more than a day.
  public var isLong: Bool { totalSeconds > Self.day }
}

extension TrainingOptions {
  /// Multiplications of a step, roughly: enough to compare two sets of options.
  ///
  /// Six passes through the generators and six through the discriminators, each about three times
  /// the work of the forward pass.
  var operationsPerStep: Double {
    3 * Double(batch) * (6 * generatorOperations + 6 * discriminatorOperations)
  }

  /// A convolution costs its kernel, times its channels in and out, times the pixels it makes.
  private var generatorOperations: Double {
    let pixels = Double(size * size), filters = Double(generator.filters)
    switch generator.kind {
    case .resnet:
      let ends = 2 * 49 * 3 * filters
      // At half and a quarter of the size, down and up again.
      let scaling = 2 * (9 * 2 * filters * filters / 4 + 9 * 8 * filters * filters / 16)
      let blocks = Double(generator.blocks) * 2 * 9 * 16 * filters * filters / 16
      return pixels * (ends + scaling + blocks)
    case .unet:
      // The widest levels cost a quarter each of those above them: about this much in all.
      return pixels * (2 * 16 * 3 * filters + 3 * 16 * 2 * filters * filters) / 4
    }
  }

  private var discriminatorOperations: Double {
    let pixels = Double(size * size), filters = Double(discriminatorFilters)
    let first = 16 * 3 * filters / 4
    let others = 16 * filters * filters * (2.0 / 16 + 8.0 / 64 + 32.0 / 64) + 16 * 8 * filters / 64
    return pixels * (first + others)
  }
}
