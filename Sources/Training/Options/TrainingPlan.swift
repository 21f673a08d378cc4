import Layers

/// How the learning rate goes over a run.
public enum ScheduleKind: String, Codable, CaseIterable, Sendable {
  /// Full, then evenly down to nothing: the reference's.
  case flatThenLinear = "flat-then-linear"
  /// Half a cosine wave from full to nothing.
  case cosine
  /// Always full.
  case constant
}

/// The steps of a run and the learning rate of each.
public struct TrainingPlan: Equatable, Sendable {
  /// Steps that show the larger domain once.
  public let stepsPerEpoch: Int
  /// Steps of the whole run.
  public let totalSteps: Int
  private let schedule: LearningRateSchedule
  private let isByEpoch: Bool

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - length: In epochs or steps; traps on a time, which must be fitted first.
  ///   - schedule: How the learning rate goes.
  ///   - stepsPerEpoch: Steps that show the larger domain once.
  public init(length: TrainingLength, schedule: ScheduleKind, stepsPerEpoch: Int) {
    self.stepsPerEpoch = stepsPerEpoch
    let flat: Int, decaying: Int
    switch length {
    case .epochs(let flatEpochs, let decayingEpochs):
      (flat, decaying, isByEpoch) = (flatEpochs, decayingEpochs, true)
    case .steps(let flatSteps, let decayingSteps):
      (flat, decaying, isByEpoch) = (flatSteps, decayingSteps, false)
    case .time(let seconds):
      preconditionFailure("a time of \(seconds) s has not been fitted to this machine")
    }
    totalSteps = (flat + decaying) * (isByEpoch ? stepsPerEpoch : 1)
    self.schedule =
      switch schedule {
      case .flatThenLinear: .flatThenLinear(flat: flat, decay: decaying)
      case .cosine: .cosine(epochs: flat + decaying)
      case .constant: .constant
      }
  }

  /// Epochs begun in the whole run.
  public var epochs: Int { (totalSteps + stepsPerEpoch - 1) / stepsPerEpoch }

  /// What the learning rate is multiplied by in a step, counted from 1.
  public func factor(step: Int) -> Double {
    schedule.factor(epoch: isByEpoch ? epoch(ofStep: step) : step)
  }

  /// The epoch of a step, both counted from 1.
  public func epoch(ofStep step: Int) -> Int { (step - 1) / stepsPerEpoch + 1 }
}
