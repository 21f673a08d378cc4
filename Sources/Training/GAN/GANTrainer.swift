import Checkpoints
import ConvolutionCore
import GANs
import ImageDatasets
import Images
import Layers
import Tensors

/// Trains a generator from noise in a run folder, from the beginning or from where an earlier
/// process stopped; in pieces it gives the same weights, bit for bit.
public final class GANTrainer: TrainingRun {
  /// The options of the run.
  public let options: GANTrainingOptions
  /// Its steps.
  public let plan: TrainingPlan
  /// The log, for whoever listens.
  public var log: RunLog { folder.log }
  /// Steps done.
  public var stepsDone: Int { position.step }

  let folder: RunFolder
  let pace: TrainingPace
  let now: () -> Double
  let step: AdversarialStep
  /// What the model file holds: the generator in training, or its running mean.
  let generator: LabelledNetwork
  var position: GANPosition
  var savedStep: Int?

  private let samples: SampleSource
  private var order: SampleOrder
  private let average: WeightAverage?
  private let program: String
  private var watch: GANTroubleWatch
  private var notices: [TrainingEvent] = []

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - options: The options; a length of time must have been fitted to this machine before.
  ///   - samples: What is learnt from, as `options` names it.
  ///   - path: The run folder, made if missing.
  ///   - resuming: Whether to go on from the checkpoint that is there. Where there is none, the
  ///     run begins.
  ///   - backend: The device that computes.
  ///   - pace: How often samples and checkpoints are made.
  ///   - program: Name and version of the program, for the model file.
  ///   - now: A clock in seconds.
  /// - Throws: `TrainingError`, `CheckpointError` or `FileError`.
  public init(
    _ options: GANTrainingOptions, samples: SampleSource, in path: String, resuming: Bool = false,
    on backend: any Backend, pace: TrainingPace = TrainingPace(), program: String = "cyclegan",
    now: @escaping () -> Double = MonotonicClock.seconds
  ) throws {
    try options.validate()
    try options.requireFit(samples)
    try MemoryNeed.require(options.leastBytes, on: backend)
    if !resuming, RunFolder.holdsRun(path) { throw TrainingError.runExists(folder: path) }
    self.options = options
    self.samples = samples
    self.pace = pace
    self.program = program
    self.now = now
    watch = GANTroubleWatch(options, samples: samples)
    order = SampleOrder(samples, seed: options.seed)
    plan = TrainingPlan(
      length: options.length, schedule: options.schedule,
      stepsPerEpoch: options.stepsPerEpoch(samples: samples.count))
    position = GANPosition(samples)
    step = AdversarialStep(options.model, on: backend)
    if let steps = options.average {
      generator = options.model.generator.network()
      average = WeightAverage(of: step.generator, in: generator, over: steps)
    } else {
      generator = step.generator
      average = nil
    }
    folder = try RunFolder(path)
    if case .pictures(let pictures) = samples {
      notices = pictures.broken.map { .badPicture(file: $0.path, reason: $0.reason) }
    }
    try beginOrRestore()
    watch.begin(step)
  }

  /// Trains until the end, or until it is asked to stop.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked after every step; when it says so, the run is saved and left.
  ///   - listener: Told what happens; an error that it throws ends the run,
  ///     saved if that is possible.
  /// - Returns: Whether the run is complete.
  /// - Throws: `TrainingError.diverged`, and what writing files may throw.
  @discardableResult
  public func run(
    until shouldStop: () -> Bool, listener: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> Bool {
    try loop(until: shouldStop, listener)
  }

  /// Trains until the end.
  @discardableResult
  public func run(listener: (TrainingEvent) throws -> Void = { _ in }) throws -> Bool {
    try run(until: { false }, listener: listener)
  }

  /// The model as it stands.
  public var model: SamplerFile {
    SamplerFile(
      description: SamplerFileDescription(
        family: options.family, generator: options.model.generator,
        labels: options.model.generator.classes > 0 ? samples.labels : [],
        training: .init(
          program: program, steps: position.step,
          epochs: position.step == 0 ? 0 : plan.epoch(ofStep: position.step), seed: options.seed,
          options: options.namedOptions)),
      parameters: generator.values)
  }

  func takeStep(_ number: Int) throws -> LossValues {
    let result = step(
      options.turns(ofStep: number, &order), rateFactor: plan.factor(step: number))
    notices += watch.note(step: number, result).map { .trouble($0) }
    average?.update(step: number, on: step.backend)
    return LossValues(result.named)
  }

  func takeNotices() -> [TrainingEvent] {
    defer { notices = [] }
    return notices
  }

  func drawSamples() -> Image? {
    let sampler = Sampler(options.model.generator, generator, on: step.backend)
    notices += watch.note(step: position.step, sampler, step).map { .trouble($0) }
    return sampler.sheet(of: samples, batch: options.batch)
  }
}

// MARK: - Checkpoints

extension GANTrainer {
  /// The options of the run in a folder; nil where there is none.
  ///
  /// - Throws: `CheckpointError` or `FileError` where they cannot be read, `TrainingError` where
  ///   they are none that can be trained with.
  public static func savedOptions(in folder: String) throws -> GANTrainingOptions? {
    try RunFolder.usableOptions(in: folder)
  }

  /// Networks, the mean of one, two optimizers.
  var stateTensors: [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (name, network) in networks { tensors.put(network.values, inside: name + ".") }
    for (name, optimizer) in optimizers {
      tensors.put(optimizer.momentsByPath, inside: "optimizer.\(name).")
    }
    return tensors
  }

  func updatePosition() {
    position.generatorOptimizerSteps = step.generatorOptimizer.state.steps
    position.discriminatorOptimizerSteps = step.discriminatorOptimizer.state.steps
  }

  func writeModel(to path: String) throws { try model.write(to: path) }

  func begin() throws {
    step.initialize(options.model, seed: options.seed)
    average?.begin()
    try folder.log.truncate(to: 0)
    try folder.writeOptions(options)
  }

  func restore() throws {
    let state = try folder.readState(GANPosition.self)
    guard state.position.samples == position.samples,
      [nil, position.labelChecksum].contains(state.position.labelChecksum)
    else {
      throw TrainingError.picturesChanged(
        folder: options.source.name, before: state.position.samples, now: position.samples,
        weights: nil)
    }
    position = state.position
    if let problem = position.problem([
      ("generatorOptimizerSteps", position.generatorOptimizerSteps),
      ("discriminatorOptimizerSteps", position.discriminatorOptimizerSteps),
    ]) {
      throw TrainingError.unfitState(file: folder.statePath, problem: problem)
    }
    do {
      for (name, network) in networks { try network.load(state.tensors.inside(name + ".")) }
      for (optimizer, steps) in zip(
        optimizers, [position.generatorOptimizerSteps, position.discriminatorOptimizerSteps])
      {
        try optimizer.optimizer.restore(
          state.tensors.inside("optimizer.\(optimizer.name)."), steps: steps)
      }
    } catch {
      throw TrainingError.unfitState(file: folder.statePath, problem: "\(error)")
    }
    savedStep = position.step
    try folder.log.truncate(to: position.logPosition)
  }

  private var networks: [(name: String, network: LabelledNetwork)] {
    [("generator", step.generator), ("discriminator", step.discriminator)]
      + (average == nil ? [] : [("average.generator", generator)])
  }

  private var optimizers: [(name: String, optimizer: any Optimizer)] {
    [("generator", step.generatorOptimizer), ("discriminator", step.discriminatorOptimizer)]
  }
}

/// Where a run stands: all of the checkpoint that is no tensor.
struct GANPosition: RunPosition {
  var step = 0
  var losses = LossSum()
  var seconds = 0.0
  var logPosition = 0
  /// Steps of the two optimizers.
  var generatorOptimizerSteps = 0
  var discriminatorOptimizerSteps = 0
  /// Samples that the run learns from.
  let samples: Int
  /// A check sum of their labels; nil for none, and in states of earlier versions.
  let labelChecksum: UInt64?

  init(_ samples: SampleSource) {
    self.samples = samples.count
    labelChecksum = samples.labelChecksum
  }
}

// MARK: - What listeners are told

extension GANTrainer {
  var batch: Int { options.batch }
  var learningRate: Double { options.model.options.learningRate }

  var start: TrainingStart {
    TrainingStart(
      subject: .sampling(options, samples: samples.count), folder: folder.path,
      parameterCounts: (step.generator.parameterCount, step.discriminator.parameterCount),
      plan: plan, batch: options.batch, stepsDone: position.step,
      device: step.backend.description)
  }

  func estimate(secondsPerStep: Double) -> TrainingEstimate {
    TrainingEstimate(plan: plan, secondsPerStep: secondsPerStep, stepsDone: position.step)
  }
}
