import Checkpoints

/// Why a run cannot begin or go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// An option has a value that cannot be trained with.
  case invalidOption(String, problem: String)
  /// The training needs more memory than is free; both in bytes.
  case tooLarge(needed: Double, free: Double)
  /// The run folder holds a run.
  case runExists(folder: String)
  /// The run folder holds a model, but no state to go on from.
  case stateMissing(folder: String)
  /// The pictures are not those that the run began with; another one may begin with `weights`.
  case picturesChanged(folder: String, before: Int, now: Int, weights: String?)
  /// A loss or a weight became infinite or not a number.
  case diverged(step: Int, what: String, savedStep: Int?)
  /// A model does not fit the networks of the run.
  case unfitWeights(file: String, problem: String)
  /// The checkpoint does not fit the options of the run.
  case unfitState(file: String, problem: String)
  /// The saved options of a run are none that can be trained with.
  case unfitOptions(file: String, problem: String)

  /// Whether an error says that weights are no numbers any more.
  static func isDivergence(_ error: any Error) -> Bool {
    if case .diverged = error as? TrainingError { true } else { false }
  }

  /// What was found, and what to do.
  public var description: String {
    switch self {
    case .invalidOption(let option, let problem):
      "\(option) \(problem)."
    case .tooLarge(let needed, let free):
      "This training needs \(Self.gigabytes(needed)) GB of memory at least, and "
        + "\(Self.gigabytes(free)) GB are free. Choose a smaller --size, --batch or fewer filters."
    case .runExists(let folder):
      "\(folder) holds a training run already. "
        + "Go on with it by --resume, or name another folder by --output."
    case .stateMissing(let folder):
      "\(folder) holds a model, but no state.safetensors to go on from, and a new run would replace "
        + "the model. Restore the state, or name another folder by --output."
    case .picturesChanged(let folder, let before, let now, let weights):
      "The pictures in \(folder) are not those that the run began with ("
        + (before == now ? "as many, but others" : "\(before) then, \(now) now")
        + "). Restore them, or begin a new run: --output NEW"
        + (weights.map { " --initial-weights \($0)." } ?? ".")
    case .diverged(let step, let what, let savedStep):
      "The training diverged: in step \(step) \(what). "
        + (savedStep.map { "The checkpoint of step \($0) is kept. " } ?? "")
        + "Begin again with half the --learning-rate."
    case .unfitWeights(let file, let problem):
      "\(file) cannot be the start of this run: \(problem). "
        + "Choose the options of the model (cyclegan inspect shows them)."
    case .unfitState(let file, let problem):
      "\(file) does not belong to this run: \(problem). If options.json was changed, restore it, "
        + "or begin a new run in another folder."
    case .unfitOptions(let file, let problem):
      "\(file) cannot be gone on with: \(problem). Restore it, or begin a new run in another folder."
    }
  }
}

extension TrainingError {
  /// To the tenth.
  private static func gigabytes(_ bytes: Double) -> Double { (bytes / 1e8).rounded() / 10 }
}
