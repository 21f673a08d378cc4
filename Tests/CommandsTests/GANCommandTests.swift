import Checkpoints
import Foundation
import Images
import Testing

/// `cyclegan gan`, from training to samples.
@Suite("The gan commands")
struct GANCommandTests {
  private static let small = [
    "--size", "8", "--width", "4", "--latent", "3", "--batch", "5", "--threads", "1",
  ]

  /// Two kinds of pictures, in a folder each.
  private func writePictures(_ place: Workplace) throws {
    for (label, seeds) in [("day", 1...4), ("night", 5...7)] as [(String, ClosedRange<UInt64>)] {
      for seed in seeds {
        try place.writePicture("pictures/\(label)/\(seed).png", channels: 1, seed: seed)
      }
    }
  }

  @Test("train, go on, inspect and sample")
  func journey() throws {
    try Workplace.with { place in
      try writePictures(place)
      let train =
        ["gan", "train", "pictures", "--family", "conditional", "--output", "run", "--steps", "3"]
        + Self.small
      #expect(try place.run(train).status == 0)
      // The run is there: it is not overwritten, but can go on, unless other options are asked for.
      #expect(try place.run(train).status == 1)
      #expect(try place.run(train + ["--resume"]).status == 0)
      #expect(try place.run(train + ["--resume", "--seed", "2"]).status == 64)
      let report = try place.run(["inspect", "run"]).output
      #expect(report.contains("conditional") && report.contains("labels"))

      #expect(try place.run(["gan", "sample", "run", "all", "--count", "6"]).status == 0)
      #expect(try place.run(["gan", "sample", "run", "all/grid.png", "--grid"]).status == 0)
      let labels = try FileManager.default.contentsOfDirectory(atPath: place.path + "/all")
      #expect(labels.sorted() == ["day", "grid.png", "night"])
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: place.path + "/all/night").sorted()
          == ["000001.png", "000003.png", "000005.png"])
      // Samples of another run would lie among these.
      let fewer = try place.run(
        ["gan", "sample", "run", "all", "--label", "night", "--count", "1"])
      #expect(fewer.status == 1, "\(fewer.errors)")
      let named = try place.run(["gan", "sample", "run", "a.png", "--count", "4"])
      #expect(named.status == 64 && named.errors.contains("--grid"))
      let nights = ["gan", "sample", "run", "nights", "--label", "night", "--count", "2"]
      #expect(try place.run(nights).status == 0)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: place.path + "/nights") == ["night"])
      let unknown = try place.run(["gan", "sample", "run", "x", "--label", "noon"])
      #expect(unknown.status == 64 && unknown.errors.contains("day, night"))
      let ways = ["gan", "sample", "run", "ways.png", "--interpolate", "--count", "3"]
      #expect(try place.run(ways).status == 0)
      let picture = try ImageFile.read(place.path + "/ways.png")
      #expect(picture.width == 10 * 8 + 9 * 2 && picture.height == 3 * 8 + 2 * 2)
    }
  }

  @Test("a run among the models is not what translate takes")
  func besideTranslators() throws {
    try Workplace.with { place in
      try writePictures(place)
      #expect(
        try place.run(["gan", "train", "pictures", "--steps", "1", "--quiet"] + Self.small).status
          == 0)
      try place.writePicture("in.png")
      let outcome = try place.run(["translate", "in.png", "out.png"])
      #expect(outcome.status == 0 && outcome.errors.contains("seasons"), "\(outcome.errors)")
      let named = try place.run([
        "translate", "in.png", "o.png", "--model", "Models/pictures-dcgan",
      ])
      #expect(named.status == 1 && named.errors.contains("`cyclegan train` has written"))
    }
  }

  @Test("what would change nothing is refused, and a run among its own pictures")
  func useless() throws {
    try Workplace.with { place in
      try writePictures(place)
      for (more, words) in [
        (["--layers", "7"], "--layers is for"), (["--dropout", "0.5"], "--dropout is for"),
        (["--embedding", "8"], "--embedding is for"), (["--output", "pictures/run"], "lies in"),
        (["--gan-loss", "wgan-gp"], "--penalty"),
      ] {
        let outcome = try place.run(
          ["gan", "train", "pictures", "--steps", "1"] + Self.small + more)
        #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: place.path + "/Models"))
    }
  }

  @Test("points are written as a table, the same ones for the same seed")
  func points() throws {
    try Workplace.with { place in
      let train =
        ["gan", "train", "ring", "--family", "vanilla", "--output", "run", "--steps", "1"]
        + Self.small.dropFirst(2)
      #expect(try place.run(train).status == 0)
      func table(_ count: Int) throws -> [Substring] {
        #expect(
          try place.run(["gan", "sample", "run", "p.csv", "--count", "\(count)"]).status == 0)
        return try String(contentsOfFile: place.path + "/p.csv", encoding: .utf8).split(
          separator: "\n")
      }
      let many = try table(70), few = try table(5)
      #expect(many.count == 71 && many[0] == "x,y" && Array(many.prefix(6)) == few)
    }
  }

  @Test("labels of a model name folders in the output and nowhere else")
  func strangeLabels() throws {
    try Workplace.with { place in
      try writePictures(place)
      let train =
        ["gan", "train", "pictures", "--family", "conditional", "--output", "run", "--steps", "1"]
        + Self.small
      #expect(try place.run(train).status == 0)
      var model = try SamplerFile.read(place.path + "/run/model.safetensors")
      model.description.labels = ["../../night", ".."]
      try model.write(to: place.path + "/strange.safetensors")
      let sample = ["gan", "sample", "strange.safetensors", "a/b/c", "--count", "2"]
      #expect(try place.run(sample).status == 0)
      #expect(
        try place.files("a") == ["b/c/_..-..-night/000000.png", "b/c/_../000001.png"].sorted())
    }
  }

  @Test("a dry run says what it would take and writes nothing")
  func dryRun() throws {
    try Workplace.with { place in
      try writePictures(place)
      let outcome = try place.run(["gan", "train", "pictures", "--dry-run"] + Self.small)
      #expect(outcome.status == 0 && outcome.output.contains("measured"))
      #expect(!FileManager.default.fileExists(atPath: place.path + "/Models"))
    }
  }

  @Test("a dry run says whether a run that is there would go on")
  func dryRunBesideARun() throws {
    try Workplace.with { place in
      try writePictures(place)
      let training = ["gan", "train", "pictures", "--output", "run"] + Self.small
      #expect(try place.run(training).status == 0)
      let dry = try place.run(training + ["--dry-run"])
      #expect(dry.output.contains("run, which holds a run: --resume or another --output"))
      let resumed = try place.run(training + ["--dry-run", "--resume"])
      #expect(resumed.output.contains("run, which holds a run that goes on"), "\(resumed.output)")
      #expect(resumed.output.contains("1,000 steps, 1,000 done"), "\(resumed.output)")
      #expect(resumed.output.contains("To go           0 s"), "\(resumed.output)")
    }
  }
}
