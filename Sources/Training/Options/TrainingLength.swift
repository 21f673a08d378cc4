/// How long to train.
public enum TrainingLength: Codable, Equatable, Sendable {
  /// Passes over the larger domain: some at the full learning rate, then some while it falls.
  case epochs(flat: Int, decaying: Int)
  /// Steps: some at the full learning rate, then some while it falls.
  case steps(flat: Int, decaying: Int)
  /// As many steps as fit into so many seconds on this machine; measured once, at the start, and
  /// replaced by a number of steps.
  case time(seconds: Double)

  /// The most steps of a run: more than anybody will wait for.
  private static let mostSteps = 1_000_000_000_000

  /// So many steps, with a falling learning rate in the second half.
  public static func steps(_ count: Int) -> TrainingLength {
    .steps(flat: count - count / 2, decaying: count / 2)
  }

  /// The steps that fit into a time.
  ///
  /// A twentieth of the time is left for samples, checkpoints and a machine that becomes warm.
  ///
  /// - Parameters:
  ///   - seconds: The time there is.
  ///   - secondsPerStep: What a step was measured to take.
  public static func fitting(seconds: Double, secondsPerStep: Double) -> TrainingLength {
    .steps(max(1, Int(min(0.95 * seconds / secondsPerStep, Double(mostSteps)))))
  }

  func validate() throws(TrainingError) {
    switch self {
    case .epochs(let flat, let decaying):
      guard Self.areFew(flat, decaying, most: 1_000_000) else {
        throw .invalidOption(
          "--epochs", problem: "\(flat) and --decay-epochs \(decaying): from 1 to a million in all")
      }
    case .steps(let flat, let decaying):
      guard Self.areFew(flat, decaying, most: Self.mostSteps) else {
        throw .invalidOption("--steps", problem: "\(flat &+ decaying): from 1 to \(Self.mostSteps)")
      }
    case .time(let seconds):
      guard seconds > 0, seconds.isFinite else {
        throw .invalidOption("--time", problem: "\(seconds) seconds: more than none")
      }
    }
  }

  /// Whether both parts are possible and their sum is from 1 to so many.
  private static func areFew(_ flat: Int, _ decaying: Int, most: Int) -> Bool {
    (0...most).contains(flat) && (0...most).contains(decaying)
      && (1...most).contains(flat + decaying)
  }
}
