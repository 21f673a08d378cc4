import Foundation
import Testing

/// Help texts as they were last looked at; `CYCLEGAN_RECORD_HELP=1 swift test --filter HelpTests`
/// records them anew.
@Suite("The help")
struct HelpTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("Goldens")

  @Test("reads as recorded", arguments: ["", "translate", "dataset seasons"])
  func snapshot(command: String) throws {
    try Workplace.with { place in
      let words = command.split(separator: " ").map(String.init)
      let outcome = try place.run(words + ["--help"])
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      let name = (["cyclegan"] + words).joined(separator: "-") + ".txt"
      let golden = Self.folder.appendingPathComponent(name)
      if ProcessInfo.processInfo.environment["CYCLEGAN_RECORD_HELP"] != nil {
        try outcome.output.write(to: golden, atomically: true, encoding: .utf8)
      }
      let recorded = try String(contentsOf: golden, encoding: .utf8)
      #expect(outcome.output == recorded, "record anew with CYCLEGAN_RECORD_HELP=1")
    }
  }

  private static let commands = [
    "train", "translate", "augment", "dataset seasons", "dataset digits", "inspect", "export",
    "score", "gan train", "gan sample", "gan score", "benchmark", "device",
  ]

  @Test("says what stands for an option that is not given once, in brackets", arguments: commands)
  func defaults(command: String) throws {
    try Workplace.with { place in
      let words = command.split(separator: " ").map(String.init)
      let help = try place.run(words + ["--help"]).output
      #expect(!help.contains("Default:"))
      // An option begins two spaces from the left, and goes on further to the right.
      var options: [String] = []
      for line in help.split(separator: "\n") {
        if line.hasPrefix("  -") { options.append("") }
        if !options.isEmpty { options[options.count - 1] += " " + line }
      }
      #expect(!options.isEmpty)
      for option in options {
        #expect(option.components(separatedBy: "default:").count <= 2, "\(option)")
      }
    }
  }

  @Test("has examples for every command, in lines that fit a terminal", arguments: commands)
  func examples(command: String) throws {
    try Workplace.with { place in
      let words = command.split(separator: " ").map(String.init)
      let help = try place.run(words + ["--help"]).output
      let examples = help.split(separator: "\n").filter {
        $0.hasPrefix("  cyclegan \(command)")
      }
      #expect(!examples.isEmpty)
      for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
  }

  @Test("gives the version")
  func version() throws {
    try Workplace.with { place in
      let version = try place.run("--version").output
      #expect(version.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
    }
  }
}
