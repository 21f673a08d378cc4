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
public final class Trainer {
  /// How often samples and checkpoints are made; neither changes the outcome.
  public struct Pace: Sendable {
    /// Checkpoint and model.
    public var save: Cadence
    /// Grids of sample pictures.
    public var sample: Cadence

    /// Every five minutes, unless said otherwise.
    public init(save: Cadence = .seconds(300), sample: Cadence = .seconds(300)) {
      self.save = save
      self.sample = sample
    }
  }

  /// The options of the run.
  public let options: TrainingOptions
  /// Its steps.
  public let plan: TrainingPlan
  /// The log, for whoever listens.
  public var log: RunLog { folder.log }
  /// Steps done.
  public var stepsDone: Int { position.step }

  let folder: RunFolder
  let step: CycleGANStep
  let program: String
  var position: TrainingPosition
  var savedStep: Int?
  /// What the model file holds: the generators in training, or their running mean.
  let generators: GeneratorPair

  private let averages: [WeightAverage]

  private let loader: UnpairedLoader
  private let brokenPictures: Mailbox
  private let samples: SampleGrid
  private var watch: TroubleWatch
  private let pace: Pace
  private let now: () -> Double

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - options: The options; a length of time must have been fitted to this machine before.
  ///   - path: The run folder, made if missing.
  ///   - resuming: Whether to go on from the checkpoint that is there. Where there is none, the
  ///     run begins.
  ///   - backend: The device that computes.
  ///   - pace: How often samples and checkpoints are made.
  ///   - program: Name and version of the program, for the model file.
  ///   - now: A clock in seconds.
  /// - Throws: `TrainingError`, `DatasetError`, `CheckpointError` or `FileError`.
  public init(
    _ options: TrainingOptions, in path: String, resuming: Bool = false,
    on backend: any Backend, pace: Pace = Pace(), program: String = "cyclegan",
    now: @escaping () -> Double = MonotonicClock.seconds
  ) throws {
    try options.validate()
    if !resuming, Self.holdsRun(path) { throw TrainingError.runExists(folder: path) }
    let a = try ImageFolder(options.domainA.folder), b = try ImageFolder(options.domainB.folder)
    let mailbox = Mailbox()
    self.options = options
    self.pace = pace
    self.program = program
    self.now = now
    brokenPictures = mailbox
    loader = UnpairedLoader(a: a, b: b, options: options.loading, onBroken: mailbox.put)
    plan = TrainingPlan(
      length: options.length, schedule: options.schedule, stepsPerEpoch: loader.stepsPerEpoch)
    position = TrainingPosition(picturesA: PictureList(a), picturesB: PictureList(b))
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
    folder = try RunFolder(path)
    if folder.hasState {
      try restore()
    } else {
      try begin()
      for average in averages { average.begin() }
    }
  }

  /// Trains until the end, or until it is asked to stop.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked after every step; when it says so, the run is saved and left.
  ///   - listener: Told what happens; an error that it throws ends the run without saving.
  /// - Returns: Whether the run is complete.
  /// - Throws: `TrainingError.diverged`, and what reading pictures and writing files may throw.
  @discardableResult
  public func run(
    until shouldStop: () -> Bool, listener: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> Bool {
    try listener(.started(start))
    var saving = Due(pace.save, at: now()), sampling = Due(pace.sample, at: now())
    var shown = SmoothLosses()
    var timer = StepTimer(now: now, before: position.seconds)

    while position.step < plan.totalSteps {
      let losses = try takeStep(listener)
      position.seconds = timer.note(step: position.step)
      for broken in brokenPictures.take() {
        try listener(.badPicture(file: broken.path, reason: broken.reason))
      }
      let epoch = plan.epoch(ofStep: position.step)
      try listener(
        .step(
          TrainingStep(
            step: position.step, epoch: epoch, losses: shown.add(losses), batch: options.batch)))
      if let secondsPerStep = timer.firstEstimate() {
        try listener(.estimated(estimate(secondsPerStep: secondsPerStep)))
      }
      if position.losses.count == Self.stepsPerReport || position.step == plan.totalSteps {
        try listener(.report(report(stepsPerSecond: timer.rateSinceReport())))
        position.losses = LossSum()
      }
      if position.step == plan.totalSteps { break }
      if shouldStop() {
        try save()
        try listener(.saved(step: position.step))
        try listener(.interrupted(step: position.step))
        return false
      }
      if sampling.isDue(after: position.step, at: now()) {
        try sample(listener)
        sampling.done(at: now())
      }
      if saving.isDue(after: position.step, at: now()) {
        try save()
        try listener(.saved(step: position.step))
        saving.done(at: now())
      }
    }
    try sample(listener)
    try save()
    try listener(.saved(step: position.step))
    try listener(.finished(step: position.step, seconds: position.seconds))
    return true
  }

  /// Trains until the end.
  @discardableResult
  public func run(listener: (TrainingEvent) throws -> Void = { _ in }) throws -> Bool {
    try run(until: { false }, listener: listener)
  }

  private static let stepsPerReport = 50

  /// One step: pictures, losses, better networks.
  private func takeStep(
    _ listener: (TrainingEvent) throws -> Void
  ) throws -> CycleGANLosses {
    let number = position.step + 1
    let epoch = plan.epoch(ofStep: number)
    let index = (number - 1) % plan.stepsPerEpoch
    let pictures = try loader.pair(epoch: epoch, index: index)
    let chances = CycleGANChances(
      seed: options.seed, step: number, batch: pictures.pathsA.count, poolSize: options.pool)
    let losses = step(
      realA: pictures.a, realB: pictures.b, chances: chances,
      rateFactor: plan.factor(step: number)
    ).losses
    for trouble in watch.note(step: number, losses: losses) { try listener(.trouble(trouble)) }
    if let loss = losses.firstNonFinite {
      throw TrainingError.diverged(
        step: number, what: "the loss '\(loss.name)' became \(loss.value)", savedStep: savedStep)
    }
    for average in averages { average.update(step: number, on: step.backend) }
    position.step = number
    position.losses.add(losses)
    return losses
  }

  private func sample(_ listener: (TrainingEvent) throws -> Void) throws {
    guard !samples.isEmpty else { return }
    let digits = String(position.step)
    let name = String(repeating: "0", count: max(0, 7 - digits.count)) + digits
    let path = "\(folder.samplesPath)/step-\(name).png"
    let drawn = samples.draw(generators, on: step.backend)
    try ImageFile.write(drawn.grid, to: path)
    try ImageFile.write(drawn.grid, to: "\(folder.samplesPath)/latest.png")
    try listener(.sampled(step: position.step, path: path))
    let troubles = watch.note(
      step: position.step, samples: drawn, networks: step.networks.networks)
    for trouble in troubles { try listener(.trouble(trouble)) }
  }
}

// MARK: - What listeners are told

extension Trainer {
  private var start: TrainingStart {
    TrainingStart(
      options: options, folder: folder.path,
      pictureCounts: (position.picturesA.count, position.picturesB.count),
      parameterCounts: (
        step.networks.generatorAB.parameterCount, step.networks.discriminatorB.parameterCount
      ), plan: plan, stepsDone: position.step)
  }

  private func estimate(secondsPerStep: Double) -> TrainingEstimate {
    TrainingEstimate(
      options, plan: plan, secondsPerStep: secondsPerStep, stepsDone: position.step)
  }

  private func report(stepsPerSecond: Double) -> TrainingReport {
    TrainingReport(
      step: position.step, epoch: plan.epoch(ofStep: position.step), losses: position.losses.mean,
      learningRate: options.learningRate * plan.factor(step: position.step),
      stepsPerSecond: stepsPerSecond, seconds: position.seconds)
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
