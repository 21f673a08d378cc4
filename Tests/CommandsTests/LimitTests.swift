import Foundation
import TestSupport
import Testing

/// What nobody can mean is wrong usage, whatever the number: no overflow, no request for all memory
/// there is.
@Suite("Absurd numbers on the command line")
struct LimitTests {
  private static let cases: [(command: String, options: [String])] = [
    (
      "train day night --dry-run",
      [
        "--threads 3000000000", "--size 99999999999999999", "--size 70000", "--load-size 70000",
        "--steps 9223372036854775807", "--epochs 1 --decay-epochs 9223372036854775807",
        "--filters 4611686018427387904", "--discriminator-filters 4611686018427387904",
        "--generator resnet9999999999", "--batch 9223372036854775807",
        "--pool 9223372036854775807",
      ]
    ),
    (
      "gan train all --dry-run",
      [
        "--size 3000000000", "--steps 9223372036854775807", "--batch 9223372036854775807",
        "--latent 4611686018427387904", "--width 4611686018427387904",
        "--critic-width 4611686018427387904", "--layers 4611686018427387904",
        "--critic-steps 4611686018427387904", "--embedding 4611686018427387904",
        "--penalty inf", "--clip nan",
      ]
    ),
    ("gan sample m out", ["--count 9223372036854775807"]),
    (
      "gan score all all",
      ["--count 9223372036854775807", "--size 4000000000", "--judge-steps 9223372036854775807"]
    ),
    (
      "dataset seasons out",
      [
        "--count 9223372036854775807", "--test-count 9223372036854775807", "--size 1000000000",
        "--pan 9223372036854775807",
      ]
    ),
    ("dataset digits out", ["--count 9223372036854775807", "--size 1000000000"]),
    (
      "translate day out",
      [
        "--size 0", "--size 30001", "--quality 101", "--batch 9223372036854775807",
        "--shard-count 0",
      ]
    ),
    ("translate film.mp4 out.mp4", ["--size 9223372036854775807", "--size -9"]),
    ("augment day out", ["--copies 9223372036854775807", "--threads 3000000000", "--quality 101"]),
    (
      "benchmark",
      [
        "--size 4000000000", "--batch 9223372036854775807", "--filters 4611686018427387904",
        "--blocks 9223372036854775807", "--repeats 9223372036854775807",
      ]
    ),
    ("device --device cpu", ["--threads 3000000000", "--threads 0"]),
  ]

  @Test("are wrong usage, and the option is named", arguments: cases)
  func refusals(command: String, options: [String]) throws {
    try Workplace.with { place in
      for (folder, seed) in [("day", 1), ("night", 2), ("all/a", 1), ("all/b", 2)] {
        try place.writePicture("\(folder)/1.png", seed: UInt64(seed))
      }
      for option in options {
        let words = "\(command) \(option)".split(separator: " ").map(String.init)
        let outcome = try place.run(words)
        let name = option.prefix { $0 != " " }
        #expect(outcome.status == 64 && !outcome.wasKilled, "\(option): \(outcome.errors)")
        #expect(outcome.errors.contains("Error: \(name) "), "\(option): \(outcome.errors)")
      }
    }
  }

  @Test("A time without its unit, or that nobody lives to see, is refused")
  func endlessTime() throws {
    try Workplace.with { place in
      for name in ["day", "night"] { try place.writePicture("\(name)/1.png") }
      for time in ["90", "1e30", "99999999999999999999d", "4000d"] {
        let outcome = try place.run(
          [
            "train", "day", "night", "--preset", "quick", "--filters", "1", "--size", "24",
            "--threads", "1", "--dry-run", "--time", time,
          ])
        #expect(outcome.status == 64 && outcome.errors.contains("45min"), "\(outcome.errors)")
      }
    }
  }

  @Test("A standard output that takes no more is an error, not a crash", arguments: ["", "--json"])
  func fullOutput(option: String) throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      let shell = try #require(InstalledProgram("sh"))
      for stream in ["/dev/full", "&-"] {
        let command = "\"$0\" inspect m.safetensors \(option) >\(stream)"
        let outcome = try shell.run(["-c", command, Program.path.path], in: place.path)
        #expect(outcome.status == 1, "\(stream)")
      }
    }
  }
}
