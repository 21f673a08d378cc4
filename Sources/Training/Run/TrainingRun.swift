import Checkpoints
import Files
import Images
import Tensors

/// How often samples and checkpoints are made; none of them changes the outcome.
public struct TrainingPace: Sendable {
  /// Checkpoint and model.
  public var save: Cadence
  /// Grids of samples.
  public var sample: Cadence
  /// Models that stay, each under a name of its own.
  public var keep: Cadence

  /// Every five minutes, unless said otherwise; only the last model stays.
  public init(
    save: Cadence = .seconds(300), sample: Cadence = .seconds(300), keep: Cadence = .never
  ) {
    self.save = save
    self.sample = sample
    self.keep = keep
  }
}

/// Where a run stands: all of its checkpoint that is no tensor.
protocol RunPosition: Codable, Sendable {
  /// Steps done.
  var step: Int { get set }
  /// Losses since the last report.
  var losses: LossSum { get set }
  /// Seconds trained, by all processes together.
  var seconds: Double { get set }
  /// Bytes of the log that belong to what is done.
  var logPosition: Int { get set }
}

extension RunPosition {
  /// More steps, bytes or seconds than any run will come to, and few enough to go on counting.
  static var most: Int { 1 << 53 }

  /// What keeps a run from going on from here; nil for nothing.
  ///
  /// - Parameter counts: What else is counted, with its name.
  func problem(_ counts: [(name: String, count: Int)]) -> String? {
    let counted = [("step", step), ("logPosition", logPosition), ("losses", losses.count)]
    for (name, count) in counted + counts where !(0...Self.most).contains(count) {
      return "its '\(name)' is \(count)"
    }
    return (0...Double(Self.most)).contains(seconds) ? nil : "its 'seconds' is \(seconds)"
  }
}

/// A training that goes step by step in a run folder, whatever it trains.
protocol TrainingRun: AnyObject {
  associatedtype Position: RunPosition

  var position: Position { get set }
  var plan: TrainingPlan { get }
  var folder: RunFolder { get }
  var pace: TrainingPace { get }
  /// A clock in seconds.
  var now: () -> Double { get }
  /// The step of the checkpoint; nil for none.
  var savedStep: Int? { get set }
  /// Samples of each kind in a step.
  var batch: Int { get }
  /// Before any schedule.
  var learningRate: Double { get }
  /// What listeners are told first.
  var start: TrainingStart { get }

  /// Makes a new run of the folder: an empty log, the options.
  func begin() throws
  /// Takes up the run where the checkpoint left it.
  func restore() throws
  /// How long the run will take.
  func estimate(secondsPerStep: Double) -> TrainingEstimate
  /// One step, counted from 1: samples, losses, better networks.
  func takeStep(_ number: Int) throws -> LossValues
  /// What else listeners are to be told since the last call: broken pictures, troubles.
  func takeNotices() -> [TrainingEvent]
  /// What the model makes at this step; nil for nothing to show.
  func drawSamples() -> Image?
  /// All that resuming needs, apart from the position.
  var stateTensors: [String: Tensor] { get }
  /// Notes in the position what the parts of the run know.
  func updatePosition()
  /// Writes the model as it stands.
  func writeModel(to path: String) throws
}

extension TrainingRun {
  /// Goes on with the run in the folder, or begins one where there is nothing to go on from.
  ///
  /// - Throws: `TrainingError.stateMissing` where a model would be lost.
  func beginOrRestore() throws {
    if folder.hasState { return try restore() }
    if folder.hasModel { throw TrainingError.stateMissing(folder: folder.path) }
    try begin()
  }

  /// Trains until the end, or until it is asked to stop.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked after every step; when it says so, the run is saved and left.
  ///   - listener: Told what happens; an error that it throws ends the run,
  ///     saved if that is possible.
  /// - Returns: Whether the run is complete.
  func loop(until shouldStop: () -> Bool, _ listener: (TrainingEvent) throws -> Void) throws
    -> Bool
  {
    do {
      return try steps(until: shouldStop, listener)
    } catch let error {
      // What was learnt must not be lost because a picture cannot be written, or be read.
      if !TrainingError.isDivergence(error), position.step > savedStep ?? 0 {
        try? save()
        if savedStep == position.step { try? listener(.saved(step: position.step)) }
      }
      throw error
    }
  }

  private func steps(until shouldStop: () -> Bool, _ listener: (TrainingEvent) throws -> Void)
    throws -> Bool
  {
    try listener(.started(start))
    var saving = Due(pace.save, at: now()), sampling = Due(pace.sample, at: now())
    var keeping = Due(pace.keep, at: now())
    var shown = SmoothLosses()
    var timer = StepTimer(now: now, before: position.seconds)
    // What could not be written when the run was left, on a full disk say, is written now.
    if position.step > 0 {
      if keeping.isDue(after: position.step, at: now()), FileEntry.isAbsent(keptModelPath) {
        try keepModel()
      }
      if position.step < plan.totalSteps, sampling.isDue(after: position.step, at: now()),
        FileEntry.isAbsent(samplePath)
      {
        try sample(listener)
      }
    }

    while position.step < plan.totalSteps {
      let losses = try finiteStep(listener)
      position.seconds = timer.note(step: position.step)
      let epoch = plan.epoch(ofStep: position.step)
      try listener(
        .step(
          TrainingStep(
            step: position.step, epoch: epoch, losses: shown.add(losses), batch: batch)))
      if let secondsPerStep = timer.firstEstimate() {
        try listener(.estimated(estimate(secondsPerStep: secondsPerStep)))
      }
      if position.losses.count >= stepsPerReport || position.step == plan.totalSteps {
        let report = report(stepsPerSecond: timer.rateSinceReport())
        position.losses = LossSum()
        try listener(.report(report))
      }
      // Before the state: a run that is killed in between keeps and draws the same again.
      if keeping.isDue(after: position.step, at: now()) {
        try keepModel()
        keeping.done(at: now())
      }
      if position.step == plan.totalSteps { break }
      if sampling.isDue(after: position.step, at: now()) {
        try requireFinite(stateTensors)
        try sample(listener)
        sampling.done(at: now())
      }
      if shouldStop() {
        try save()
        try listener(.saved(step: position.step))
        try listener(.interrupted(step: position.step))
        return false
      }
      if saving.isDue(after: position.step, at: now()) {
        try save()
        try listener(.saved(step: position.step))
        saving.done(at: now())
      }
    }
    try save()
    try listener(.saved(step: position.step))
    try sample(listener)
    try listener(.finished(step: position.step, seconds: position.seconds))
    return true
  }

  private var stepsPerReport: Int { 50 }

  private func finiteStep(_ listener: (TrainingEvent) throws -> Void) throws -> LossValues {
    let number = position.step + 1
    let losses = try takeStep(number)
    if let loss = losses.firstNonFinite {
      for notice in takeNotices() { try? listener(notice) }
      throw TrainingError.diverged(
        step: number, what: "the loss '\(loss.name)' became \(loss.value)", savedStep: savedStep)
    }
    position.step = number
    position.losses.add(losses)
    for notice in takeNotices() { try listener(notice) }
    return losses
  }

  /// Writes the checkpoint, then the model.
  ///
  /// - Throws: `TrainingError.diverged`, before anything is written, if a weight is no number.
  private func save() throws {
    let tensors = stateTensors
    try requireFinite(tensors)
    updatePosition()
    position.logPosition = folder.log.position
    try folder.write(StateFile(tensors: tensors, position: position))
    try writeModel(to: folder.modelPath)
    savedStep = position.step
  }

  private func requireFinite(_ tensors: [String: Tensor]) throws(TrainingError) {
    if let name = tensors.firstNonFinite {
      throw .diverged(
        step: position.step, what: "'\(name)' became infinite or not a number",
        savedStep: savedStep)
    }
  }

  /// Writes the model under a name of its own, where no later one replaces it.
  private func keepModel() throws {
    try requireFinite(stateTensors)
    try NewFolder.create(folder.modelsPath)
    try writeModel(to: keptModelPath)
  }

  private var keptModelPath: String {
    "\(folder.modelsPath)/step-\(position.step.digits(atLeast: 7)).safetensors"
  }

  private var samplePath: String {
    "\(folder.samplesPath)/step-\(position.step.digits(atLeast: 7)).png"
  }

  private func sample(_ listener: (TrainingEvent) throws -> Void) throws {
    guard let grid = drawSamples() else { return }
    let path = samplePath
    try ImageFile.write(grid, to: path)
    try ImageFile.write(grid, to: "\(folder.samplesPath)/latest.png")
    try listener(.sampled(step: position.step, path: path))
    for notice in takeNotices() { try listener(notice) }
  }

  private func report(stepsPerSecond: Double) -> TrainingReport {
    TrainingReport(
      step: position.step, epoch: plan.epoch(ofStep: position.step), losses: position.losses.mean,
      learningRate: learningRate * plan.factor(step: position.step),
      stepsPerSecond: stepsPerSecond, seconds: position.seconds)
  }
}
