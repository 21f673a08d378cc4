import ArgumentParser
import CycleGANKit

/// `cyclegan inspect`: what a model is.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a model is: domains, architecture, size, training.",
    usage: "cyclegan inspect <model> [--json]",
    discussion: """
      EXAMPLES:
        cyclegan inspect Models/summer2winter
        cyclegan inspect Models/seasons.safetensors --json
        cyclegan inspect latest_net_G.safetensors      A generator saved by PyTorch.
      """)

  @Argument(help: "A model file or a run folder.")
  var model: String

  @Flag(help: "Write one line of JSON instead of words.")
  var json = false

  func run() throws {
    let report = try ModelReport(of: ModelLocator.modelFile(at: model))
    if json {
      try Console.writeJSON(report)
    } else {
      for line in report.lines { Console.write(line) }
    }
  }
}
