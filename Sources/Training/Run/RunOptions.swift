import Checkpoints

/// What a run can be told, as its folder keeps it.
public protocol RunOptions: Codable, Equatable, Sendable {
  /// How long to train.
  var length: TrainingLength { get set }
  /// The options by their names on the command line; where the samples lie is none.
  var comparedOptions: [String: String] { get }
  /// Refuses what cannot be trained with.
  ///
  /// - Throws: `TrainingError.invalidOption`.
  func validate() throws(TrainingError)
}

extension RunOptions {
  /// The options with a length of time replaced by the steps that fit into it.
  public func fitted(secondsPerStep: Double) -> Self {
    guard case .time(let seconds) = length else { return self }
    var fitted = self
    fitted.length = .fitting(seconds: seconds, secondsPerStep: secondsPerStep)
    return fitted
  }

  /// The options, as they are named on the command line, in which two runs differ.
  public func differences(from other: Self) -> [String] {
    let mine = comparedOptions, others = other.comparedOptions
    return Set(mine.keys).union(others.keys).filter { mine[$0] != others[$0] }.sorted()
      .map { "--\($0)" }
  }
}

extension TrainingOptions: RunOptions {}
extension GANTrainingOptions: RunOptions {}

extension RunOptions {
  /// Refuses an option where something does not hold.
  func require(
    _ holds: Bool, _ option: String, _ problem: @autoclosure () -> String
  ) throws(TrainingError) {
    if !holds { throw .invalidOption(option, problem: problem()) }
  }
}

extension RunFolder {
  /// The options of the run in a folder; nil where there is none.
  ///
  /// - Throws: `CheckpointError` or `FileError` where they cannot be read,
  ///   `TrainingError.unfitOptions` where they are none that can be trained with.
  static func usableOptions<Options: RunOptions>(in folder: String) throws -> Options? {
    guard let options = try savedOptions(Options.self, in: folder) else { return nil }
    do throws(TrainingError) {
      try options.validate()
    } catch .invalidOption(let option, let problem) {
      throw TrainingError.unfitOptions(
        file: optionsPath(folder), problem: "\(option) \(problem)")
    }
    return options
  }
}
