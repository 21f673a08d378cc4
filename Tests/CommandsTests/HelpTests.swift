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

  @Test(
    "has examples for every command, in lines that fit a terminal",
    arguments: [
      "train", "translate", "augment", "dataset seasons", "dataset digits", "inspect", "export",
      "score", "gan train", "gan sample", "gan score", "benchmark", "device",
    ])
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
