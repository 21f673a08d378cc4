/// What happens in a training run, in the order in which it happens.
public enum TrainingEvent: Sendable {
  /// The run begins, or goes on.
  case started(TrainingStart)
  /// Enough steps have been timed to tell how long the run will take.
  case estimated(TrainingEstimate)
  /// A step is done.
  case step(TrainingStep)
  /// Means since the last report; every so many steps, the same ones in a resumed run.
  case report(TrainingReport)
  /// A grid of sample pictures was written.
  case sampled(step: Int, path: String)
  /// The checkpoint and the model were written.
  case saved(step: Int)
  /// A picture cannot be used and was skipped.
  case badPicture(file: String, reason: String)
  /// Something goes wrong in a way that has a name.
  case trouble(Trouble)
  /// The run was asked to stop, and can go on from this step.
  case interrupted(step: Int)
  /// The run is complete.
  case finished(step: Int, seconds: Double)
}

/// A run as it begins or goes on.
public struct TrainingStart: Sendable {
  /// What is trained on what; a time has become a number of steps.
  public enum Subject: Sendable {
    /// Two generators and two discriminators, on pictures of domain A and of domain B.
    case translation(TrainingOptions, pictureCounts: (a: Int, b: Int))
    /// A generator from noise and a discriminator, on so many samples.
    case sampling(GANTrainingOptions, samples: Int)
  }

  /// What is trained.
  public let subject: Subject
  /// The run folder.
  public let folder: String
  /// Parameters of one generator and of one discriminator.
  public let parameterCounts: (generator: Int, discriminator: Int)
  /// Steps of the run.
  public let plan: TrainingPlan
  /// Samples of each kind in a step.
  public let batch: Int
  /// Steps done before, by an earlier process.
  public let stepsDone: Int
  /// What computes, which the last bits of the outcome depend on.
  public let device: String

  package init(
    subject: Subject, folder: String, parameterCounts: (generator: Int, discriminator: Int),
    plan: TrainingPlan, batch: Int, stepsDone: Int, device: String
  ) {
    self.subject = subject
    self.folder = folder
    self.parameterCounts = parameterCounts
    self.plan = plan
    self.batch = batch
    self.stepsDone = stepsDone
    self.device = device
  }
}

/// How long the run will take on this machine.
public struct TrainingEstimate: Sendable, Equatable {
  /// Measured.
  public let secondsPerStep: Double
  /// Of the whole run, what is done included.
  public let totalSeconds: Double
  /// Of what is left.
  public let secondsLeft: Double
  /// Presets that would take less than a day on this machine and these pictures, the best first;
  /// empty unless this run takes more.
  public let shorterPresets: [Preset]

  /// A preset and what it would take.
  public struct Preset: Sendable, Equatable {
    /// The preset.
    public let preset: TrainingPreset
    /// Seconds, estimated from this run's steps.
    public let seconds: Double
  }
}

/// A step that is done.
public struct TrainingStep: Sendable {
  /// Its number, from 1.
  public let step: Int
  /// The epoch it belongs to, from 1.
  public let epoch: Int
  /// Means over the last steps.
  public let losses: LossValues
  /// Samples of each kind in a step.
  public let batch: Int

  package init(
    step: Int, epoch: Int, losses: LossValues, batch: Int
  ) {
    self.step = step
    self.epoch = epoch
    self.losses = losses
    self.batch = batch
  }
}

/// Means over some steps.
public struct TrainingReport: Sendable {
  /// The last of the steps, from 1.
  public let step: Int
  /// The epoch it belongs to, from 1.
  public let epoch: Int
  /// Means of the losses.
  public let losses: LossValues
  /// The learning rate of the last step.
  public let learningRate: Double
  /// Steps a second of this process, since the last report.
  public let stepsPerSecond: Double
  /// Seconds that the run has been trained for, in all processes.
  public let seconds: Double

  package init(
    step: Int, epoch: Int, losses: LossValues, learningRate: Double, stepsPerSecond: Double,
    seconds: Double
  ) {
    self.step = step
    self.epoch = epoch
    self.losses = losses
    self.learningRate = learningRate
    self.stepsPerSecond = stepsPerSecond
    self.seconds = seconds
  }
}
