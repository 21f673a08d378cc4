import Files
import Foundation
import TestSupport
import Testing

@Suite("The program under fire", .serialized)
struct KillTests {
  private func arguments(_ domains: SmallDomains, output: String) -> [String] {
    [
      "train", domains.a, domains.b, "--output", output, "--size", "24", "--filters", "4",
      "--generator", "resnet1", "--steps", "40", "--pool", "5", "--threads", "1",
      "--save-every", "3", "--sample-every", "7", "--quiet",
    ]
  }

  @Test("killed at arbitrary moments and resumed, it makes the model of a run left alone")
  func killed() throws {
    try withTemporaryFolder { folder in
      let domains = try SmallDomains(in: folder)
      let begin = Date()
      let whole = try Program.run(arguments(domains, output: "whole"), in: folder)
      #expect(whole.status == 0, "\(whole.errors)")
      let duration = Date().timeIntervalSince(begin)

      var kills = 0
      for attempt in 1...6 {
        let program = try Program(arguments(domains, output: "killed") + ["--resume"], in: folder)
        // Soon at first: the machine may have less to do by now than while it was timed.
        Thread.sleep(forTimeInterval: .random(in: 0...0.1 * Double(attempt) * duration))
        program.signal(SIGKILL)
        if try program.outcome().wasKilled { kills += 1 }
      }
      #expect(kills > 0)
      let last = try Program.run(arguments(domains, output: "killed") + ["--resume"], in: folder)
      #expect(last.status == 0, "\(last.errors)")
      #expect(
        try WholeFile.read(folder + "/killed/model.safetensors")
          == WholeFile.read(folder + "/whole/model.safetensors"))
    }
  }

  @Test("Ctrl-C saves, says how to go on, and that does", arguments: [SIGINT, SIGTERM, SIGHUP])
  func interrupted(signal number: Int32) throws {
    // The program would take over that a hang-up is ignored, as under `nohup`.
    let before = signal(SIGHUP, SIG_DFL)
    defer { signal(SIGHUP, before) }
    try withTemporaryFolder { folder in
      let domains = try SmallDomains(in: folder)
      var arguments = arguments(domains, output: "run")
      arguments.removeAll { $0 == "--quiet" }
      arguments[arguments.firstIndex(of: "--steps")! + 1] = "1000000"
      arguments.append("--")
      let program = try Program(arguments, in: folder)
      while program.isRunning,
        !FileManager.default.fileExists(atPath: folder + "/run/state.safetensors")
      {
        Thread.sleep(forTimeInterval: 0.02)
      }
      program.signal(number)
      if number == SIGHUP {
        // The shell and the system both say that a terminal closes.
        Thread.sleep(forTimeInterval: 0.005)
        program.signal(number)
      }
      let outcome = try program.outcome()
      #expect(outcome.errors.contains("Stopped and saved at step"), "\(outcome.errors)")
      #expect(outcome.status == 128 + number && !outcome.wasKilled, "\(outcome.errors)")
      #expect(outcome.errors.contains("Go on with: "))
      #expect(outcome.errors.contains(" --resume --\n"))
    }
  }

  @Test("wrong usage ends with status 64 and a run that is there with status 1")
  func statuses() throws {
    try withTemporaryFolder { folder in
      let domains = try SmallDomains(in: folder)
      func status(_ more: [String]) throws -> Int32 {
        try Program.run(arguments(domains, output: "run") + more, in: folder).status
      }
      #expect(try status(["--size", "25"]) == 64)
      #expect(try status(["--time", "1h"]) == 64)
      try FileManager.default.createDirectory(
        atPath: folder + "/run", withIntermediateDirectories: true)
      try AtomicFile.write("{}", to: folder + "/run/options.json")
      #expect(try status([]) == 1)
    }
  }

  @Test("a dry run says what it would take and writes nothing")
  func dryRun() throws {
    try withTemporaryFolder { folder in
      let domains = try SmallDomains(in: folder)
      let outcome = try Program.run(
        arguments(domains, output: "run") + ["--dry-run"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      for word in ["warm", "cold", "5 pictures", "4 pictures", "40 steps", "Memory", "In all"] {
        #expect(outcome.output.contains(word), "\(word) in \(outcome.output)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/run"))
    }
  }
}
