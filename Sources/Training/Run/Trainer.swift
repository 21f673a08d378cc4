import Augmentation
import Checkpoints
import ConvolutionCore
import GANs
import ImageDatasets
import Images
import Layers
import Synchronization
import Tensors

/// Trains a CycleGAN in a run folder, from the beginning or from where an earlier process stopped.
///
/// Nothing depends on the moment at which a process is stopped: whatever is left to chance is keyed
/// by the seed and the number of the step, so a run in pieces gives the same weights, bit for bit,
/// as one in one piece.
public final class Trainer: TrainingRun {
  /// The options of the run.
  public let options: TrainingOptions
  /// Its steps.
  public let plan: TrainingPlan
  /// The log, for whoever listens.
  public var log: RunLog { folder.log }
  /// Steps done.
  public var stepsDone: Int { position.step }

  let folder: RunFolder
  let pace: TrainingPace
  let now: () -> Double
  let step: CycleGANStep
  let program: String
  var position: TrainingPosition
  var savedStep: Int?
  /// What the model file holds: the generators in training, or their running mean.
  let generators: GeneratorPair

  let averages: [WeightAverage]

  private let loader: UnpairedLoader
  private let brokenPictures: Mailbox
  private let samples: SampleGrid
  private var watch: TroubleWatch
  private var troubles: [Trouble] = []

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - options: The options; a length of time must have been fitted to this machine before.
  ///   - path: The run folder, made if missing.
  ///   - resuming: Whether to go on from the checkpoint that is there. Where there is none, the
  ///     run begins.
  ///   - catalog: The operations that a recipe for augmentation may name; a run that goes on needs
  ///     those that it began with.
  ///   - backend: The device that computes.
  ///   - pace: How often samples and checkpoints are made.
  ///   - program: Name and version of the program, for the model file.
  ///   - now: A clock in seconds.
  /// - Throws: `TrainingError`, `RecipeError`, `AugmentationError`, `DatasetError`, `CheckpointError` or
  ///   `FileError`; also while another trainer of the folder is still there, in this process or another.
  public init(
    _ options: TrainingOptions, in path: String, resuming: Bool = false,
    catalog: OperationCatalog = .standard, on backend: any Backend,
    pace: TrainingPace = TrainingPace(), program: String = "cyclegan",
    now: @escaping () -> Double = MonotonicClock.seconds
  ) throws {
    try options.validate()
    if !resuming, RunFolder.holdsRun(path) { throw TrainingError.runExists(folder: path) }
    let a = try ImageFolder(options.domainA.folder), b = try ImageFolder(options.domainB.folder)
    let mailbox = Mailbox()
    self.options = options
    self.pace = pace
    self.program = program
    self.now = now
    brokenPictures = mailbox
    let loading: UnpairedLoader.Options
    do {
      loading = try options.loading(catalog)
    } catch let error as RecipeError where resuming {
      // The line is one of the recipe, which is a single text in that file.
      throw RecipeError(nil, error.reason, file: RunFolder.optionsPath(path))
    }
    loader = UnpairedLoader(a: a, b: b, options: loading, onBroken: mailbox.put)
    plan = TrainingPlan(
      length: options.length, schedule: options.schedule, stepsPerEpoch: loader.stepsPerEpoch)
    position = TrainingPosition(picturesA: PictureList(a), picturesB: PictureList(b))
    try MemoryNeed.require(
      options.leastBytes(picturesPerStep: loader.picturesPerStep), on: backend)
    let networks = options.networks()
    step = CycleGANStep(networks, options.cycleGAN, on: backend)
    if let steps = options.average {
      generators = GeneratorPair(options.generator)
      averages = [
        WeightAverage(of: networks.generatorAB, in: generators.aToB, over: steps),
        WeightAverage(of: networks.generatorBA, in: generators.bToA, over: steps),
      ]
    } else {
      generators = networks.generators
      averages = []
    }
    samples = SampleGrid(
      a: try options.domainA.testFolder.map { try ImageFolder($0) } ?? a,
      b: try options.domainB.testFolder.map { try ImageFolder($0) } ?? b, size: options.size)
    watch = TroubleWatch(options, samples: samples)
    // Weights that do not fit are said before a folder is made.
    if !RunFolder.hasState(path) { try options.initialize(networks) }
    folder = try RunFolder(path)
    try beginOrRestore()
  }

  /// Trains until the end, or until it is asked to stop.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked after every step; when it says so, the run is saved and left.
  ///   - listener: Told what happens; an error that it throws ends the run,
  ///     saved if that is possible.
  /// - Returns: Whether the run is complete.
  /// - Throws: `TrainingError.diverged`, and what reading pictures and writing files may throw.
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

  func takeStep(_ number: Int) throws -> LossValues {
    let epoch = plan.epoch(ofStep: number)
    let index = (number - 1) % plan.stepsPerEpoch
    let pictures = try loader.pair(epoch: epoch, index: index)
    let chances = CycleGANChances(
      seed: options.seed, step: number, batch: pictures.pathsA.count, poolSize: options.poolSize)
    let losses = step(
      realA: pictures.a, realB: pictures.b, chances: chances,
      rateFactor: plan.factor(step: number)
    ).losses
    troubles += watch.note(step: number, losses: losses)
    for average in averages { average.update(step: number, on: step.backend) }
    return LossValues(losses.named)
  }

  func takeNotices() -> [TrainingEvent] {
    defer { troubles = [] }
    return brokenPictures.take().map { .badPicture(file: $0.path, reason: $0.reason) }
      + troubles.map { .trouble($0) }
  }

  func drawSamples() -> Image? {
    guard !samples.isEmpty else { return nil }
    let drawn = samples.draw(generators, on: step.backend)
    troubles += watch.note(
      step: position.step, samples: drawn, networks: step.networks.networks)
    return drawn.grid
  }
}

// MARK: - What listeners are told

extension Trainer {
  var batch: Int { loader.picturesPerStep }
  var learningRate: Double { options.learningRate }

  var start: TrainingStart {
    TrainingStart(
      subject: .translation(
        options, pictureCounts: (position.picturesA.count, position.picturesB.count)),
      folder: folder.path,
      parameterCounts: (
        step.networks.generatorAB.parameterCount, step.networks.discriminatorB.parameterCount
      ), plan: plan, batch: batch, stepsDone: position.step, device: step.backend.description)
  }

  func estimate(secondsPerStep: Double) -> TrainingEstimate {
    var measured = options
    measured.batch = batch
    return TrainingEstimate(
      measured, plan: plan, secondsPerStep: secondsPerStep, stepsDone: position.step)
  }
}

/// Broken pictures that other threads have found.
private final class Mailbox: Sendable {
  private let pictures = Mutex<[BrokenPicture]>([])

  func put(_ picture: BrokenPicture) { pictures.withLock { $0.append(picture) } }

  func take() -> [BrokenPicture] {
    pictures.withLock { pictures in
      defer { pictures = [] }
      return pictures
    }
  }
}
