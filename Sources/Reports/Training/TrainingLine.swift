import Foundation
import Training

/// A training event as a line of JSON, for `log.jsonl` and for programs that listen.
public enum TrainingLine {
  /// The line; nil for events that are for people only.
  ///
  /// Keys are in alphabetical order, `event` says what happened, times are in seconds.
  public static func json(_ event: TrainingEvent) -> String? {
    switch event {
    case .started(let start): encode(Started(start))
    case .estimated(let estimate):
      encode(
        Estimated(
          secondsPerStep: estimate.secondsPerStep, totalSeconds: estimate.totalSeconds,
          secondsLeft: estimate.secondsLeft))
    case .step: nil
    case .report(let report):
      encode(
        Report(
          step: report.step, epoch: report.epoch, losses: report.losses,
          learningRate: report.learningRate, stepsPerSecond: report.stepsPerSecond,
          seconds: report.seconds))
    case .sampled(let step, let path): encode(Moment(event: "sampled", step: step, file: path))
    case .saved(let step): encode(Moment(event: "saved", step: step))
    case .badPicture(let file, let reason): encode(BadPicture(file: file, reason: reason))
    case .trouble(let trouble):
      encode(
        Noticed(
          step: trouble.step, kind: trouble.kind, evidence: trouble.evidence,
          remedy: trouble.remedy))
    case .interrupted(let step): encode(Moment(event: "interrupted", step: step))
    case .finished(let step, let seconds):
      encode(Moment(event: "finished", step: step, seconds: seconds))
    }
  }

  private static func encode(_ value: some Encodable) -> String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) }
  }

  private struct Started: Encodable {
    let event = "started"
    let step: Int
    let steps: Int
    let stepsPerEpoch: Int
    let folder: String
    var family: String?
    var picturesA: Int?
    var picturesB: Int?
    var samples: Int?
    let generatorParameters: Int
    let discriminatorParameters: Int
    let device: String

    init(_ start: TrainingStart) {
      step = start.stepsDone
      steps = start.plan.totalSteps
      stepsPerEpoch = start.plan.stepsPerEpoch
      folder = start.folder
      generatorParameters = start.parameterCounts.generator
      discriminatorParameters = start.parameterCounts.discriminator
      device = start.device
      switch start.subject {
      case .translation(_, let counts): (picturesA, picturesB) = (counts.a, counts.b)
      case .sampling(let options, let count):
        (family, samples) = (options.family.rawValue, count)
      }
    }
  }

  private struct Estimated: Encodable {
    let event = "estimated"
    let secondsPerStep: Double
    let totalSeconds: Double
    let secondsLeft: Double
  }

  private struct Report: Encodable {
    let event = "report"
    let step: Int
    let epoch: Int
    let losses: LossValues
    let learningRate: Double
    let stepsPerSecond: Double
    let seconds: Double
  }

  private struct Moment: Encodable {
    let event: String
    let step: Int
    var file: String?
    var seconds: Double?
  }

  private struct Noticed: Encodable {
    let event = "trouble"
    let step: Int
    let kind: Trouble.Kind
    let evidence: String
    let remedy: String
  }

  private struct BadPicture: Encodable {
    let event = "badPicture"
    let file: String
    let reason: String
  }
}
