import CycleGANKit
import Foundation
import TestSupport
import Testing

@Suite("cyclegan translate")
struct TranslateCommandTests {
  @Test("translates pictures of any size, kind and name in their own size, format and name")
  func anyPicture() throws {
    try Workplace.with { place in
      try place.writeModel("model.safetensors")
      try place.writePicture("in/dot.png", width: 1, height: 1)
      try place.writePicture("in/sub/a b:c.jpg", width: 67, height: 45, as: .jpeg)
      try place.writePicture("in/png named.jpg", width: 5, height: 3)
      try place.writePicture("in/grey.png", width: 8, height: 9, channels: 1)
      try place.writePicture("in/alpha.png", width: 9, height: 8, channels: 4)

      let outcome = try place.run("translate", "in", "out", "--model", "model.safetensors")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("day → night by model.safetensors"))
      #expect(try place.files("out").filter { $0 != "manifest.jsonl" } == place.files("in"))
      for name in try place.files("in") {
        let (before, after) = (try place.picture("in/" + name), try place.picture("out/" + name))
        #expect(before.width == after.width && before.height == after.height, "\(name)")
        #expect(before.hasAlpha == after.hasAlpha, "\(name)")
        let formats = try [place.bytes("in/" + name), place.bytes("out/" + name)]
          .map { ImageFormat(signatureOf: $0) }
        #expect(formats[0] == formats[1], "\(name)")
      }
    }
  }

  @Test(
    "writes no JPEG under the name of another format, nor a folder", arguments: ["a.webp", "b.TIF"])
  func foreignFormat(output: String) throws {
    try Workplace.with { place in
      try place.writeModel("model.safetensors")
      try place.writePicture("a.png")
      let words = ["translate", "a.png", output, "--model", "model.safetensors"]
      let outcome = try place.run(words)
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("\(output): PNG and JPEG are written"), "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: "\(place.path)/\(output)"))
      #expect(try place.run("translate", "a.png", output + "/", "--model", words[4]).status == 0)
    }
  }

  @Test("names corrupt pictures, does the others and ends with status 1")
  func corruptPictures() throws {
    try Workplace.with { place in
      try place.writeModel("model.safetensors")
      for name in ["a.png", "c.png"] { try place.writePicture("in/" + name) }
      try place.write(Array(place.bytes("in/a.png").prefix(60)), to: "in/b.png")
      let outcome = try place.run(
        "translate", "in", "out", "--model", "model.safetensors", "--quiet", "--json")
      #expect(outcome.status == 1)
      #expect(try place.files("out") == ["a.png", "c.png", "manifest.jsonl"])
      #expect(outcome.errors.hasPrefix("in/b.png: "))
      let report = try outcome.json()
      #expect(report["translated"] as? Int == 2)
      #expect((report["failed"] as? [[String: String]])?.map { $0["file"] } == ["in/b.png"])
    }
  }

  @Test("translates what is there of pictures that are cut off where that is asked for")
  func cutOff() throws {
    try Workplace.with { place in
      try place.writeModel("model.safetensors")
      try place.writeCutOff()
      let command = ["translate", "in", "out", "--model", "model.safetensors", "--json"]
      let refused = try place.run(command)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("--accept-damaged translates what is there"))
      let outcome = try place.run(command + ["--accept-damaged"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("in/b.jpg: translated what is there; a part is missing ("))
      #expect(try outcome.json()["damaged"] as? Int == 1)
      #expect(try place.picture("out/b.jpg").height == 64)
      let record = String(decoding: try place.bytes("out/manifest.jsonl"), as: UTF8.self)
      #expect(record.split(separator: "\n").count { $0.contains("\"damage\":") } == 1)
    }
  }

  @Test("leaves alone what was translated before, and says so")
  func resumption() throws {
    try Workplace.with { place in
      try place.writeModel("model.safetensors")
      try place.writePicture("in/a.png")
      let command = ["translate", "in", "out", "--model", "model.safetensors", "--json"]
      try place.run(command)
      let again = try place.run(command)
      #expect(again.status == 0)
      #expect(try again.json()["kept"] as? Int == 1)
      #expect(again.errors.contains("--overwrite"))
    }
  }

  @Test("takes a domain by name, and lists both for a name it does not know")
  func domains() throws {
    try Workplace.with { place in
      try place.writeModel("model.safetensors")
      try place.writePicture("a.png")
      func run(_ domain: String, _ output: String) throws -> Program.Outcome {
        try place.run(
          "translate", "a.png", output, "--model", "model.safetensors", "--to", domain, "-q")
      }
      for (domain, output) in [("Night", "1.png"), ("B", "2.png"), ("day", "3.png")] {
        #expect(try run(domain, output).status == 0)
      }
      #expect(try place.bytes("1.png") == place.bytes("2.png"))
      #expect(try place.bytes("1.png") != place.bytes("3.png"))
      let unknown = try run("dusk", "4.png")
      #expect(unknown.status == 64)
      #expect(unknown.errors.contains("'dusk'"))
      #expect(unknown.errors.contains("'day'") && unknown.errors.contains("'night'"))
    }
  }

  @Test("translates to several domains in one pass, a folder for each")
  func severalDomains() throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      try place.writeModel("n.safetensors", domains: .init(a: "summer", b: "winter"))
      for name in ["a.png", "b.png"] { try place.writePicture("in/" + name) }
      let outcome = try place.run(
        "translate", "in", "out", "--model", "m.safetensors", "--model", "n.safetensors",
        "--to", "winter", "--to", "day", "--to", "night", "--batch", "2", "--json", "-q")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try outcome.json()["to"] as? [String] == ["winter", "day", "night"])
      let names = ["day", "night", "winter"].flatMap { ["\($0)/a.png", "\($0)/b.png"] }
      #expect(try place.files("out") == (names + ["manifest.jsonl"]).sorted())
      #expect(try place.bytes("out/day/a.png") != place.bytes("out/night/a.png"))

      let cycle = try place.run(
        "translate", "in/a.png", "row.png", "--model", "m.safetensors", "--cycle")
      #expect(cycle.errors.contains("day → night → day"))
      #expect(try place.picture("row.png").width == 3 * place.picture("in/a.png").width)
    }
  }

  @Test("goes on after it was killed, to the same outputs as if it had not been")
  func kills() throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      for index in 0..<60 {
        try place.writePicture(
          "in/\(index).jpg", width: 64, height: 48, as: .jpeg, seed: UInt64(index))
      }
      let command = ["--model", "m.safetensors", "-q", "--threads", "1"]
      #expect(try place.run(["translate", "in", "whole"] + command).status == 0)
      var killsMidway = 0
      for count in [1, 8, 16, 24, 32] {
        let program = try Program(["translate", "in", "out"] + command, in: place.path)
        // A run has not made its folder at first.
        func done() -> [String] {
          ((try? place.files("out")) ?? []).filter { $0.hasSuffix(".jpg") }
        }
        while program.isRunning, done().count < count { Thread.sleep(forTimeInterval: 0.001) }
        program.signal(SIGKILL)
        if try program.outcome().wasKilled, done().count < 60 { killsMidway += 1 }
        for name in done() {
          #expect(try place.bytes("out/" + name) == place.bytes("whole/" + name))
        }
      }
      #expect(killsMidway > 0)
      #expect(try place.run(["translate", "in", "out"] + command).status == 0)
      #expect(try place.files("out") == place.files("whole"))
      for name in try place.files("whole").filter({ $0.hasSuffix(".jpg") }) {
        #expect(try place.bytes("out/" + name) == place.bytes("whole/" + name))
      }
    }
  }

  @Test("names what it cannot write on a disk that is full, and leaves nothing half written")
  func fullDisk() throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      for name in ["a.png", "b.png", "z.png"] {
        try place.writePicture("in/" + name, width: name == "z.png" ? 600 : 20, height: 200)
      }
      // 32 blocks of 512 or 1024 bytes, whichever this shell counts in: the small ones need fewer.
      let command = """
        ulimit -f 32; exec "$0" translate in out --model m.safetensors -q
        """
      let shell = try #require(InstalledProgram("sh"))
      let outcome = try shell.run(["-c", command, Program.path.path], in: place.path)
      #expect(outcome.status == 1)
      #expect(try place.files("out") == ["a.png", "b.png", "manifest.jsonl"])
      let manifest = String(decoding: try place.bytes("out/manifest.jsonl"), as: UTF8.self)
      #expect(manifest.contains("Cannot write out/z.png: File too large"))
    }
  }

  @Test("takes folders apart that look alike, and names those that nothing can be read of")
  func namesOfFolders() throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      for folder in ["caf\u{E9}", "cafe\u{301}", "\u{FE0F} sun"] {
        try place.writePicture("in/\(folder)/a.png")
      }
      try place.writePicture("in/\u{FE0F} beach.png")
      let outcome = try place.run("translate", "in", "out", "--model", "m.safetensors")
      #expect(outcome.status == 0 && outcome.errors.contains("Translated 4 pictures"))
      let again = try place.run(
        "translate", "in/caf\u{E9}", "in/cafe\u{301}/new", "--model", "m.safetensors")
      #expect(again.status == 0, "\(again.errors)")

      let shell = try #require(InstalledProgram("sh"))
      let made = try shell.run(["-c", #"mkdir "$(printf 'in/\351t\351')""#], in: place.path)
      #expect(made.status == 0)
      let named = try place.run("translate", "in", "other", "--model", "m.safetensors")
      #expect(named.status == 1 && named.errors.contains("its name is not UTF-8. Rename it."))
    }
  }

  @Test("writes no words into its files where standard error is closed")
  func closedStreams() throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      try place.writePicture("in/a.png")
      try place.write(Array("no picture".utf8), to: "in/b.png")
      let shell = try #require(InstalledProgram("sh"))
      let outcome = try shell.run(
        [
          "-c", #"exec "$0" translate in out --model m.safetensors >&- 2>&-"#, Program.path.path,
        ], in: place.path)
      #expect(outcome.status == 1)
      let lines = String(decoding: try place.bytes("out/manifest.jsonl"), as: UTF8.self)
        .split(separator: "\n")
      #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("{") }, "\(lines)")
      let results = try shell.run(
        ["-c", #"exec "$0" inspect m.safetensors 2>&1 >&-"#, Program.path.path], in: place.path)
      #expect(results.status == 1 && results.output.contains("standard output"))
    }
  }

  @Test("writes a page to compare, of earlier pictures too")
  func comparison() throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      try place.writePicture("in/a.png")
      try place.writePicture("in/sub/b.jpg", as: .jpeg)
      for _ in 0..<2 {
        let outcome = try place.run(
          "translate", "in", "out", "--model", "m.safetensors", "--compare")
        #expect(outcome.status == 0 && outcome.errors.contains("out/compare.html"))
        let page = String(decoding: try place.bytes("out/compare.html"), as: UTF8.self)
        #expect(page.contains("data-name=\"a.png \"") && page.contains("sub/b.jpg"))
        #expect(page.contains("day → night"))
      }
      try place.run(
        "translate", "in", "out", "--model", "m.safetensors", "--compare", "--shard", "0/2")
      #expect(try place.files("out").contains("compare-0-of-2.html"))
    }
  }

  @Test("translates in strips what memory is too small for, to nearly the same picture")
  func strips() throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      try place.writePicture("a.png", width: 90, height: 70)
      let command = ["--model", "m.safetensors", "-q"]
      try place.run(["translate", "a.png", "whole.png"] + command)
      try place.run(["translate", "a.png", "strips.png", "--max-memory", "1M"] + command)
      let (whole, strips) = (try place.picture("whole.png"), try place.picture("strips.png"))
      for (a, b) in zip(whole.samples, strips.samples) { #expect(abs(Int(a) - Int(b)) <= 1) }
      #expect(try place.run("translate", "a.png", "x.png", "--max-memory", "lots").status == 64)
    }
  }

  @Test("uses the newest run where no model is named")
  func newestRun() throws {
    try Workplace.with { place in
      try place.writePicture("a.png")
      for (run, age) in [("old", 200.0), ("newer", 100.0), ("oldest", 300.0)] {
        let file = "Models/\(run)/model.safetensors"
        try place.writeModel(file, domains: .init(a: "x", b: run))
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSinceNow: -age)],
          ofItemAtPath: "\(place.path)/\(file)")
      }
      let outcome = try place.run("translate", "a.png", "b.png")
      #expect(outcome.errors.contains("x → newer by Models/newer (the newest run)"))
      let named = try place.run("translate", "a.png", "c.png", "--model", "Models/old")
      #expect(named.errors.contains("x → old by Models/old"))
    }
  }

  @Test(
    "refuses wrong usage with status 64 and what cannot be done with status 1",
    arguments: [
      (["translate", "in"], 64, "Missing"),
      (["translate", "in", "out", "--threads", "0"], 64, "--threads"),
      (["translate", "in", "out", "--quality", "0"], 64, "--quality"),
      (["translate", "in", "out", "--shard", "4/4"], 64, "--shard"),
      (["translate", "in", "out", "--overwrite", "--skip-existing"], 64, "contradict"),
      (["translate", "twins", "out", "--format", "png", "--model", "m.safetensors"], 64, "both"),
      (["translate", "in", "out", "--smooth", "0.5"], 64, "--smooth is for films"),
      (["translate", "in", "out", "--cycle", "--compare"], 64, "nothing to add"),
      (["translate", "in.mp4", "out.mp4", "--smooth", "2"], 64, "--smooth"),
      (["translate", "in.mp4", "out.mp4", "--quality", "9"], 64, "--quality is for pictures"),
      (["translate", "in.mp4", "out.mp4", "--accept-damaged"], 64, "is for pictures"),
      (["translate", "in.mp4", "out.png", "--model", "m.safetensors"], 64, "ends in .mp4"),
      (["translate", "in.mp4", "out.mp4", "--model", "m.safetensors"], 1, "There is no in.mp4"),
      (["translate", "in", "in", "--model", "m.safetensors"], 64, "both input and output"),
      (["translate", "in", "out", "--model", "none"], 1, "There is no none"),
      (["translate", "in", "out", "--model", "in"], 1, "in holds no model"),
      (
        ["translate", "in", "out", "--model", "in/a.png"], 1, "in/a.png is not a valid safetensors"
      ),
      (["translate", "none", "out", "--model", "m.safetensors"], 1, "There is no none"),
      (["translate", "empty", "out", "--model", "m.safetensors"], 1, "No pictures in empty/"),
      (["translate", "in", "m.safetensors", "--model", "m.safetensors"], 1, "is a file"),
    ])
  func refusals(arguments: [String], status: Int32, words: String) throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      try place.writePicture("in/a.png")
      try place.writePicture("twins/a.png")
      try place.writePicture("twins/a.jpg", as: .jpeg)
      try place.write([1], to: "empty/notes.txt")
      let outcome = try place.run(arguments)
      #expect(outcome.status == status)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }
}
