import CycleGANKit

/// What a run would take, measured by a few real steps, to be read by people or by a program.
protocol DryRunFindings: Encodable {
  /// The run folder, whether it holds a run, and whether that would go on.
  var folder: String { get }
  var holdsRun: Bool { get }
  var isResumed: Bool { get }
  /// Steps of the run, and how many of them a run that goes on has done.
  var steps: Int { get }
  var stepsDone: Int { get }
  var secondsPerStep: Double { get }
  /// Of the steps that are left.
  var totalSeconds: Double { get }
  /// Bytes; nil if the system does not say.
  var peakMemory: Int? { get }

  /// What there is to say, in order.
  var lines: [(name: String, text: String)] { get }
}

extension DryRunFindings {
  /// What every run costs.
  var costs: [(name: String, text: String)] {
    [
      ("Step", "\(TimeWords.spell(seconds: secondsPerStep)), measured"),
      (stepsDone > 0 ? "To go" : "In all", TimeWords.spell(seconds: totalSeconds)),
      ("Memory", peakMemory.map { "\(Numbers.megabytes($0)), measured" } ?? "unknown"),
    ]
  }

  /// How long the run is, and what is done of it.
  var length: String {
    Numbers.counted(steps, "step") + (stepsDone > 0 ? ", \(Numbers.grouped(stepsDone)) done" : "")
  }

  /// The steps that a run which goes on has done.
  static func stepsDone(in folder: String, of steps: Int, isResumed: Bool) -> Int {
    isResumed ? min(RunFolder.stepsDone(in: folder), steps) : 0
  }

  /// Where the run would be.
  var place: (name: String, text: String) {
    let run = isResumed ? " that goes on" : ": --resume or another --output"
    return ("Run folder", folder + (holdsRun ? ", which holds a run" + run : ""))
  }

  /// Writes the findings to standard output.
  func write(asJSON: Bool) throws {
    if asJSON { return try Console.writeJSON(self) }
    for (name, text) in lines { try Console.write("\(name.padding(to: 16))\(text)") }
  }
}
