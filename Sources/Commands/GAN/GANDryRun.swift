import CycleGANKit

/// What the training of a generator from noise would take, measured by a few real steps.
struct GANDryRun: DryRunFindings {
  private let folder: String
  private let holdsRun: Bool
  private let samples: Int
  private let generatorParameters: Int
  private let discriminatorParameters: Int
  private let steps: Int
  let secondsPerStep: Double
  let totalSeconds: Double
  let peakMemory: Int?
  private let device: String
  private let options: GANTrainingOptions

  /// Measures; writes nothing.
  init(
    _ asked: GANTrainingOptions, _ source: SampleSource, folder: String,
    on chosen: DeviceOption.Choice
  ) throws {
    secondsPerStep = try asked.secondsPerStep(source, on: chosen.backend)
    options = asked.fitted(secondsPerStep: secondsPerStep)
    let plan = TrainingPlan(
      length: options.length, schedule: options.schedule,
      stepsPerEpoch: options.stepsPerEpoch(samples: source.count))
    self.folder = folder
    holdsRun = RunFolder.holdsRun(folder)
    samples = source.count
    generatorParameters = options.model.generator.network().parameterCount
    discriminatorParameters = options.model.discriminator.network().parameterCount
    steps = plan.totalSteps
    totalSeconds = secondsPerStep * Double(steps)
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
      ("Run", "\(Numbers.grouped(steps)) steps, \(turns) of \(options.batch) samples each"),
    ] + costs + [
      (
        "Run folder", folder + (holdsRun ? ", which holds a run: --resume or another --output" : "")
      )
    ]
  }
}
