import Checkpoints

/// What a run can be told, as its folder keeps it.
protocol RunOptions: Decodable {
  /// Refuses what cannot be trained with.
  func validate() throws(TrainingError)
}

extension TrainingOptions: RunOptions {}
extension GANTrainingOptions: RunOptions {}

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
