import Checkpoints
import GANs
import Training

/// Shows a training run to a person: what begins, how long it will take, how it goes.
public final class TrainingConsole {
  private let isQuiet: Bool
  private let makeLine: (_ total: Int, _ done: Int) -> ProgressLine
  private let write: (String) -> Void
  private var line: ProgressLine?

  /// Creates a display on standard error.
  ///
  /// - Parameter isQuiet: Whether only what went wrong is shown.
  public convenience init(isQuiet: Bool = false) {
    self.init(isQuiet: isQuiet, write: Terminal.standardError.write) { total, done in
      ProgressLine(total: total, unit: "steps", done: done, isQuiet: isQuiet)
    }
  }

  /// Creates a display with an outlet and a progress line of its own.
  public init(
    isQuiet: Bool, write: @escaping (String) -> Void,
    makeLine: @escaping (_ total: Int, _ done: Int) -> ProgressLine
  ) {
    self.isQuiet = isQuiet
    self.write = write
    self.makeLine = makeLine
  }

  /// Shows what happened.
  public func show(_ event: TrainingEvent) {
    switch event {
    case .started(let start):
      for text in Self.words(start) { say(text) }
      line = makeLine(start.plan.totalSteps, start.stepsDone)
    case .estimated(let estimate): for text in Self.words(estimate) { say(text) }
    case .step(let step): line?.update(done: step.step, detail: Self.words(step.losses))
    case .report: break
    case .sampled(let step, let path): say("Step \(step): samples in \(path)")
    case .saved: break
    case .badPicture(let file, let reason): tell(Self.skipped(file, reason))
    case .trouble(let trouble): tell("Step \(trouble.step): \(trouble)")
    case .interrupted(let step):
      line?.finish()
      line = nil
      say("Stopped and saved at step \(step).")
    case .finished(let step, let seconds):
      line?.finish()
      line = nil
      say("Trained \(Numbers.counted(step, "step")) in \(TimeWords.spell(seconds: seconds)).")
    }
  }

  /// Takes the progress line away, for an error to be shown.
  public func close() {
    line?.finish()
    line = nil
  }

  private func say(_ text: String) { if !isQuiet { tell(text) } }

  private func tell(_ text: String) {
    if let line { line.message(text) } else { write(text + "\n") }
  }
}

// MARK: - Words

extension TrainingConsole {
  /// The losses that tell most, both directions in one: `cycle 0.213  fooling 0.35`.
  public static func words(_ losses: LossValues) -> String {
    let words = [
      ("cycle", ["cycleA", "cycleB"]),
      ("fooling", ["adversarialAB", "adversarialBA", "generator"]),
      ("judging", ["discriminatorA", "discriminatorB", "discriminator"]),
      ("identity", ["identityA", "identityB"]),
    ]
    return words.compactMap { word, names in
      let values = names.compactMap { losses[$0] }
      guard !values.isEmpty else { return nil }
      return "\(word) \(figures(Double(values.reduce(0, +)) / Double(values.count)))"
    }.joined(separator: "  ")
  }

  /// That a picture was left out; most reasons begin with its name.
  public static func skipped(_ file: String, _ reason: String) -> String {
    "Skipped " + (reason.hasPrefix("\(file): ") ? reason : "\(file): \(reason)")
  }

  /// What is about to run.
  public static func words(_ start: TrainingStart) -> [String] {
    let subject =
      switch start.subject {
      case .translation(let options, let counts): words(options, counts, start.parameterCounts)
      case .sampling(let options, let count): words(options, count, start.parameterCounts)
      }
    let run =
      "Run: \(Numbers.counted(start.plan.totalSteps, "step")) of \(start.batch), "
      + "\(Numbers.counted(start.plan.epochs, "epoch")) of \(start.plan.stepsPerEpoch), "
      + "in \(start.folder)"
    return subject + [run] + (start.stepsDone > 0 ? [rest(start)] : [])
  }

  /// What an earlier process has left to do.
  private static func rest(_ start: TrainingStart) -> String {
    guard start.stepsDone >= start.plan.totalSteps else {
      return "Going on after step \(start.stepsDone)"
    }
    let done = "All steps are done."
    guard case .translation = start.subject else { return done }
    return done + " To train on, begin another run with the same options, --output NEW and "
      + "--initial-weights \(start.folder)"
  }

  private static func words(
    _ options: TrainingOptions, _ counts: (a: Int, b: Int),
    _ parameters: (generator: Int, discriminator: Int)
  ) -> [String] {
    let generator = options.generator
    return [
      "\(options.domainA.name): \(Numbers.counted(counts.a, "picture")), "
        + "\(options.domainB.name): \(Numbers.counted(counts.b, "picture")), "
        + "crops of \(options.cropWords)",
      "Generators: \(generator.words), \(generator.filters) filters, "
        + "\(millions(parameters.generator)) parameters each",
    ]
  }

  private static func words(
    _ options: GANTrainingOptions, _ count: Int,
    _ parameters: (generator: Int, discriminator: Int)
  ) -> [String] {
    let generator = options.model.generator, sample = generator.sample
    let what =
      sample.isPoint
      ? "points"
      : "\(Numbers.counted(count, "picture")) of \(sample.size)×\(sample.size)×\(sample.channels)"
    let classes = generator.classes > 0 ? ", \(generator.classes) classes" : ""
    return [
      "\(options.source.name): \(what)\(classes)",
      "\(options.family.rawValue): \(generator.kind.rawValue) networks, generator "
        + "\(millions(parameters.generator)), discriminator "
        + "\(millions(parameters.discriminator)) parameters",
    ]
  }

  /// How long it will take, and what else could be run when that is long.
  public static func words(_ estimate: TrainingEstimate) -> [String] {
    var lines = [
      "\(TimeWords.spell(seconds: estimate.secondsPerStep)) a step on this machine: "
        + "\(TimeWords.spell(seconds: estimate.totalSeconds)) in all, "
        + "\(TimeWords.spell(seconds: estimate.secondsLeft)) left"
    ]
    guard estimate.isLong else { return lines }
    let presets = estimate.shorterPresets.map { shorter in
      "--preset \(shorter.preset.rawValue) (\(TimeWords.spell(seconds: shorter.seconds)))"
    }
    lines.append(
      "That is over a day. To be done sooner, begin anew with "
        + (presets + ["--time 8h"]).joined(separator: " or "))
    return lines
  }

  private static func millions(_ count: Int) -> String {
    switch count {
    case ..<10_000: "\(count)"
    case ..<1_000_000: "\((count + 500) / 1000) thousand"
    default: "\(figures(Double(count) / 1e6)) million"
    }
  }

  /// Three figures: `0.213`, `2.13`, `21.3`, `213`.
  static func figures(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
    let digits = abs(value) < 0.9995 ? 3 : abs(value) < 9.995 ? 2 : abs(value) < 99.95 ? 1 : 0
    return Numbers.decimal(value, digits: digits)
  }
}

extension TrainingOptions {
  /// What is cut out of what, in pixels.
  package var cropWords: String {
    "\(size)×\(size) from "
      + (keepsShapes
        ? "pictures of \(loadSize) at their shorter side" : "\(loadSize)×\(loadSize)")
  }
}
