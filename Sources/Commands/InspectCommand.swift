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

  @Argument(help: "A model file or a run folder.", completion: .file())
  var model: String

  @Flag(help: "Write one line of JSON instead of words.")
  var json = false

  func run() throws {
    let path = try ModelLocator().choose(model).file
    switch try ModelKind(of: path) {
    case .classifier:
      let report = try ClassifierReport(of: path)
      try write(report, report.lines)
    case .sampler:
      let report = try SamplerReport(of: path)
      try write(report, report.lines)
    case .translator:
      let report = try ModelReport(of: path)
      try write(report, report.lines)
    }
  }

  private func write(_ report: some Encodable, _ lines: [String]) throws {
    if json { return try Console.writeJSON(report) }
    for line in lines { try Console.write(line) }
  }
}
