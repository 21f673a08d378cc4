import CycleGANKit

/// What a run would take, measured by a few real steps, to be read by people or by a program.
protocol DryRunFindings: Encodable {
  /// The run folder, whether it holds a run, and whether that would go on.
  var folder: String { get }
  var holdsRun: Bool { get }
  var isResumed: Bool { get }
  var secondsPerStep: Double { get }
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
      ("In all", TimeWords.spell(seconds: totalSeconds)),
      ("Memory", peakMemory.map { "\(Numbers.megabytes($0)), measured" } ?? "unknown"),
    ]
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
