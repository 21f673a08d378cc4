import ArgumentParser
import CycleGANKit
import Files

/// How a training runs, whatever is trained.
struct RunArguments: ParsableArguments {
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var device: DeviceOption

  @Option(
    help: "How often to save: a time or a number of steps. (default: 5min)",
    transform: CadenceArgument.read)
  var saveEvery: CadenceArgument?

  @Option(
    help: "How often to draw samples: a time or a number of steps. (default: 5min)",
    transform: CadenceArgument.read)
  var sampleEvery: CadenceArgument?

  @Option(
    help: "How often to keep a copy of the model, in the run's models/. (default: never)",
    transform: CadenceArgument.read)
  var keepEvery: CadenceArgument?

  @Flag(
    help: "Go on with the run in the run folder; begin it where there is nothing to go on from.")
  var resume = false

  @Flag(help: "Only say what would run, how long it would take and in how much memory.")
  var dryRun = false

  @Flag(name: .shortAndLong, help: "Say nothing unless something goes wrong.")
  var quiet = false

  @Flag(help: "Write a line of JSON for each event, for another program to read.")
  var json = false

  /// How often samples and checkpoints are made.
  var pace: TrainingPace {
    TrainingPace(
      save: saveEvery?.cadence ?? .seconds(300), sample: sampleEvery?.cadence ?? .seconds(300),
      keep: keepEvery?.cadence ?? .never)
  }

  /// Refuses to begin where a run is, and says what computes.
  func begin(in folder: String, on chosen: DeviceOption.Choice) throws {
    if !resume, RunFolder.holdsRun(folder) { throw TrainingError.runExists(folder: folder) }
    if !quiet { Console.note("Computing on \(chosen.words).") }
  }

  /// Refuses a run folder among the pictures: its samples would be learnt from.
  func refuse(_ folder: String, inside pictures: [String]) throws {
    for place in pictures where RealPath.lies(folder, in: place) {
      throw ValidationError(
        "The run folder \(folder) lies in \(place), and its samples would be learnt from. "
          + "Name another one: --output FOLDER.")
    }
  }

  /// Says how many files of folders are left out, since they are pictures of other formats.
  func noteForeign(in folders: [String]) {
    if quiet { return }
    for folder in folders {
      guard let count = (try? ImageFolder(folder))?.foreignCount, count > 0 else { continue }
      let files = Numbers.counted(count, "file")
      Console.note("Left out \(files) of other formats than PNG and JPEG in \(folder).")
    }
  }

  /// Says that the length of a run that goes on is what it was.
  func noteLength(_ length: TrainingLength) {
    if case .steps(let flat, let decaying) = length, !quiet {
      Console.note(
        "The run keeps its length of \(Numbers.counted(flat + decaying, "step")); --time is for a new one."
      )
    }
  }

  /// What shows how a run goes.
  func followed(_ log: RunLog) -> FollowedRun {
    FollowedRun(isQuiet: quiet, writesJSON: json, log: log)
  }
}
