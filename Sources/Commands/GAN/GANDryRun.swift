import CycleGANKit

/// What the training of a generator from noise would take, measured by a few real steps.
struct GANDryRun: DryRunFindings {
  let folder: String
  let holdsRun: Bool
  let isResumed: Bool
  private let samples: Int
  private let generatorParameters: Int
  private let discriminatorParameters: Int
  let steps: Int
  let stepsDone: Int
  let secondsPerStep: Double
  let totalSeconds: Double
  let peakMemory: Int?
  private let device: String
  private let options: GANTrainingOptions

  /// Measures; writes nothing.
  ///
  /// - Parameter isResumed: Whether a run that is in the folder would go on.
  init(
    _ asked: GANTrainingOptions, _ source: SampleSource, folder: String, isResumed: Bool,
    on chosen: DeviceOption.Choice
  ) throws {
    secondsPerStep = try asked.secondsPerStep(source, on: chosen.backend)
    options = asked.fitted(secondsPerStep: secondsPerStep)
    let plan = TrainingPlan(
      length: options.length, schedule: options.schedule,
      stepsPerEpoch: options.stepsPerEpoch(samples: source.count))
    self.folder = folder
    holdsRun = RunFolder.holdsRun(folder)
    self.isResumed = isResumed
    samples = source.count
    generatorParameters = options.model.generator.network().parameterCount
    discriminatorParameters = options.model.discriminator.network().parameterCount
    steps = plan.totalSteps
    stepsDone = Self.stepsDone(in: folder, of: steps, isResumed: isResumed)
    totalSeconds = secondsPerStep * Double(steps - stepsDone)
    peakMemory = PeakMemory.bytes
    device = chosen.words
  }

  var lines: [(name: String, text: String)] {
    let model = options.model, sample = model.generator.sample
    let what =
      sample.isPoint
      ? "points, drawn anew each time"
      : "\(Numbers.grouped(samples)) pictures of \(sample.size)×\(sample.size)×\(sample.channels)"
    let turns = Numbers.counted(model.options.criticSteps, "turn")
    return [
      (options.source.name, what),
      ("Family", "\(options.family.rawValue), \(model.generator.kind.rawValue) networks"),
      ("Generator", "\(Numbers.grouped(generatorParameters)) parameters"),
      ("Discriminator", "\(Numbers.grouped(discriminatorParameters)) parameters"),
      ("Device", device),
      ("Run", "\(length), \(turns) of \(options.batch) samples each"),
    ] + costs + [place]
  }
}
