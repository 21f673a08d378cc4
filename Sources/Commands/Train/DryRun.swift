import CycleGANKit

/// What a run would take, measured by a few real steps.
struct DryRun: DryRunFindings {
  let folder: String
  let holdsRun: Bool
  let isResumed: Bool
  private let picturesA: Int
  private let picturesB: Int
  private let picturesPerStep: Int
  private let generatorParameters: Int
  private let discriminatorParameters: Int
  let steps: Int
  let stepsDone: Int
  private let epochs: Int
  let secondsPerStep: Double
  let totalSeconds: Double
  let peakMemory: Int?
  private let device: String
  private let options: TrainingOptions

  /// Measures; writes nothing.
  ///
  /// - Parameters:
  ///   - asked: The options.
  ///   - folder: The run folder.
  ///   - isResumed: Whether a run that is there would go on.
  ///   - chosen: Where to compute.
  init(
    _ asked: TrainingOptions, folder: String, isResumed: Bool, on chosen: DeviceOption.Choice
  ) throws {
    let measured = try StepMeasurement(asked, catalog: .complete, on: chosen.backend)
    options = asked.fitted(secondsPerStep: measured.secondsPerStep)
    let plan = TrainingPlan(
      length: options.length, schedule: options.schedule, stepsPerEpoch: measured.stepsPerEpoch)
    self.folder = folder
    holdsRun = RunFolder.holdsRun(folder)
    self.isResumed = isResumed
    (picturesA, picturesB) = measured.pictureCounts
    picturesPerStep = measured.picturesPerStep
    (generatorParameters, discriminatorParameters) = measured.parameterCounts
    (steps, epochs) = (plan.totalSteps, plan.epochs)
    secondsPerStep = measured.secondsPerStep
    stepsDone = Self.stepsDone(in: folder, of: steps, isResumed: isResumed)
    totalSeconds = secondsPerStep * Double(steps - stepsDone)
    peakMemory = measured.peakMemory
    device = chosen.words
  }

  var lines: [(name: String, text: String)] {
    let generator = options.generator
    return [
      (
        options.domainA.name,
        "\(Numbers.counted(picturesA, "picture")) in \(options.domainA.folder)"
      ),
      (
        options.domainB.name,
        "\(Numbers.counted(picturesB, "picture")) in \(options.domainB.folder)"
      ),
      (
        "Crops",
        "\(options.cropWords), "
          + "\(picturesPerStep) of each domain a step"
          + (picturesPerStep < options.batch ? ", fewer than --batch: there are no more" : "")
      ),
      (
        "Generators",
        "2 × \(generator.words), \(generator.filters) filters, "
          + "\(Numbers.grouped(generatorParameters)) parameters"
      ),
      (
        "Discriminators",
        "2 × PatchGAN, \(options.discriminatorFilters) filters, "
          + "\(Numbers.grouped(discriminatorParameters)) parameters"
      ),
      ("Device", device),
      ("Run", "\(length), \(Numbers.counted(epochs, "epoch"))"),
    ] + costs + [place]
  }
}
