import CycleGANKit
import Testing

@Suite("cyclegan dataset, augment and score")
struct DataCommandTests {
  @Test("dataset draws unpaired training pictures and paired test pictures, the same each time")
  func seasons() throws {
    try Workplace.with { place in
      for folder in ["one", "two"] {
        let outcome = try place.run(
          "dataset", "seasons", folder, "--count", "3", "--test-count", "2", "--size", "32",
          "--seed", "7")
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      #expect(try place.files("one").count == 10)
      #expect(try place.files("one/testA") == place.files("one/testB"))
      for name in try place.files("one") {
        #expect(try place.bytes("one/" + name) == place.bytes("two/" + name))
      }
      #expect(try place.picture("one/testA/00000.png").width == 32)
    }
  }

  @Test("augment makes as many copies as asked for, by the seed alone")
  func augment() throws {
    try Workplace.with { place in
      try place.writePicture("in/a.png", width: 40, height: 30)
      try place.writePicture("in/sub/b.jpg", width: 30, height: 40, as: .jpeg)
      let options = [
        "--resize", "24", "--crop", "16", "--color-jitter", "0.3", "--copies", "3", "--seed", "5",
      ]
      for (output, threads) in [("one", "1"), ("two", "2")] {
        let outcome = try place.run(["augment", "in", output, "--threads", threads] + options)
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      let names = try place.files("one").filter { $0 != "manifest.jsonl" }
      #expect(names.count == 6)
      for name in names {
        let picture = try place.picture("one/" + name)
        #expect(picture.width == 16 && picture.height == 16)
        #expect(try place.bytes("one/" + name) == place.bytes("two/" + name))
      }
      #expect(try Set(names.map { try place.bytes("one/" + $0) }).count == 6, "all differ")
    }
  }

  @Test("augment follows a recipe, moves labels and names a fault with its line")
  func recipe() throws {
    try Workplace.with { place in
      try place.writePicture("in/a.png", width: 40, height: 30)
      try place.write(Array("1 0.25 0.5 0.1 0.2\n".utf8), to: "labels/a.txt")
      try place.write(Array("- HorizontalFlip: {p: 1}\n".utf8), to: "r.yaml")
      let outcome = try place.run(
        "augment", "in", "out", "--recipe", "r.yaml", "--labels", "labels", "--record")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let text = String(decoding: try place.bytes("out/labels/a.txt"), as: UTF8.self)
      #expect(text == "1 0.750000 0.500000 0.100000 0.200000\n")
      try place.write(Array("- ToGray\n- Rotatte\n".utf8), to: "bad.yaml")
      let bad = try place.run("augment", "in", "out", "--recipe", "bad.yaml")
      #expect(bad.status == 1)
      #expect(bad.errors.contains("bad.yaml, line 2: unknown operation 'Rotatte'"))
      let stranger = try place.run("augment", "in", "out", "--recipe", "mild")
      #expect(stranger.errors.contains("no file and no preset 'mild'"))
    }
  }

  @Test("augment takes a preset's name for the preset, and a path for a file of that name")
  func presetNames() throws {
    try Workplace.with { place in
      try place.writePicture("in/a.png", width: 40, height: 30)
      try place.write(Array("- ToGray: {p: 1}\n".utf8), to: "light")
      for (recipe, name) in [("light", "Affine"), ("./light", "ToGray")] {
        let outcome = try place.run(
          "augment", "in", "\(name)", "--recipe", recipe, "--copies", "9", "--record")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
          String(decoding: try place.bytes("\(name)/manifest.jsonl"), as: UTF8.self).contains(name))
      }
    }
  }

  @Test("augment refuses an output over what it reads, by name and with status 64")
  func overSource() throws {
    try Workplace.with { place in
      try place.writePicture("ds/images/a.png", width: 40, height: 30)
      try place.write(Array("1 0.25 0.5 0.1 0.2\n".utf8), to: "ds/labels/a.txt")
      let before = try place.bytes("ds/images/a.png")
      let outcome = try place.run("augment", "ds/images", "ds", "--labels", "ds/labels")
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("ds/images would be written over or into ds/images"))
      #expect(outcome.errors.contains("Choose another output folder."))
      let preview = try place.run("augment", "ds/images", "out", "--preview", "ds/images/a.png")
      #expect(preview.status == 64 && preview.errors.contains("The preview ds/images/a.png"))
      let file = try place.run("augment", "ds/images", "ds/labels/a.txt")
      #expect(file.status == 64)
      #expect(file.errors.contains("The output ds/labels/a.txt is a file. Name a folder"))
      #expect(try place.bytes("ds/images/a.png") == before)
      #expect(try place.files("ds") == ["images/a.png", "labels/a.txt"])
    }
  }

  @Test("augment by the bundled model equals translate of the same picture of Seasons")
  func translates() throws {
    try Workplace.with { place in
      _ = try place.run(
        "dataset", "seasons", "data", "--count", "2", "--test-count", "1", "--size", "64")
      try place.write(Array("- Translate: {model: seasons, p: 1}\n".utf8), to: "r.yaml")
      let augmented = try place.run("augment", "data/trainA", "augmented", "--recipe", "r.yaml")
      #expect(augmented.status == 0, "\(augmented.errors)")
      let translated = try place.run(
        "translate", "data/trainA", "translated", "--model", "seasons")
      #expect(translated.status == 0, "\(translated.errors)")
      for name in ["00000.png", "00001.png"] {
        #expect(try place.picture("augmented/" + name) == place.picture("translated/" + name))
        #expect(try place.picture("augmented/" + name) != place.picture("data/trainA/" + name))
      }
    }
  }

  @Test("augment writes shards, and does again what a manifest says")
  func shardsAndReplay() throws {
    try Workplace.with { place in
      for number in 0..<3 { try place.writePicture("in/\(number).png", seed: UInt64(number)) }
      let shards = try place.run("augment", "in", "shards/train", "--shards", "2", "-q")
      #expect(shards.status == 0, "\(shards.errors)")
      #expect(try place.files("shards") == ["train-000000.tar", "train-000001.tar"])
      _ = try place.run(
        "augment", "in", "out", "--recipe", "strong", "--copies", "2", "--record", "-q")
      let again = try place.run("augment", "in", "again", "--replay", "out/manifest.jsonl", "-q")
      #expect(again.status == 0, "\(again.errors)")
      for name in try place.files("out") where name.hasSuffix(".png") {
        #expect(try place.bytes("again/" + name) == place.bytes("out/" + name))
      }
    }
  }

  @Test("augment without options but --no-flip copies pictures; bad ones give status 1")
  func plainAugment() throws {
    try Workplace.with { place in
      try place.writePicture("in/a.png")
      try place.write([0x89, 0x50], to: "in/b.png")
      let outcome = try place.run("augment", "in", "out", "--no-flip", "--json")
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("in/b.png"))
      #expect(try outcome.json()["skipped"] as? Int == 1)
      #expect(try place.picture("out/a.png") == place.picture("in/a.png"))
    }
  }

  @Test("augment says what pictures of 16 bits lose, and writes JPEG of the quality asked for")
  func depthAndQuality() throws {
    try Workplace.with { place in
      let words = DeepImage(
        width: 32, height: 24, channels: 1, samples: (0..<32 * 24).map { UInt16($0 * 85) })
      try place.write(
        PNG.encode(stored: .words(words), palette: nil, name: "a"), to: "in/a.png")
      let plain = try place.run("augment", "in", "out", "--json")
      #expect(plain.status == 0, "\(plain.errors)")
      #expect(plain.errors.contains("1 picture of 16 bits a channel became 8; --masks"))
      #expect(try plain.json()["lostDepth"] as? Int == 1)

      try place.writePicture("photos/b.png")
      let photo = try place.picture("photos/b.png")
      try place.write(JPEG.encode(photo), to: "photos/b.jpg")
      for quality in [5, 90] {
        let outcome = try place.run(
          "augment", "photos", "q\(quality)", "--no-flip", "--quality", "\(quality)")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let expected = try JPEG.encode(
          place.picture("photos/b.jpg"), quality: quality,
          subsampling: quality < 90 ? .both : .none)
        #expect(try place.bytes("q\(quality)/b.jpg") == expected)
      }
    }
  }

  @Test("augment uses what is there of pictures that are cut off where that is asked for")
  func cutOff() throws {
    try Workplace.with { place in
      try place.writeCutOff()
      let command = ["augment", "in", "out", "--json"]
      let refused = try place.run(command)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("--accept-damaged uses what is there"))
      let outcome = try place.run(command + ["--accept-damaged"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("in/b.jpg: used what is there; a part is missing ("))
      #expect(try outcome.json()["damaged"] as? Int == 1)
      #expect(try place.picture("out/b.jpg").height == 64)
      let record = String(decoding: try place.bytes("out/manifest.jsonl"), as: UTF8.self)
      #expect(record.split(separator: "\n").count { $0.contains("\"damage\":") } == 1)
    }
  }

  @Test("score sets a translation beside leaving it and matching colours")
  func score() throws {
    try Workplace.with { place in
      for index in 0..<3 {
        let seed = UInt64(index)
        try place.writePicture("in/\(index).png", seed: seed)
        try place.writePicture("truth/\(index).png", seed: 10 + seed)
        try place.writePicture("out/\(index).png", seed: 10 + seed)
      }
      let alone = try place.run("score", "out", "truth", "--json").json()
      let only = (alone["scores"] as? [[String: Any]])?.first
      #expect(only?["ssim"] as? Double == 1)
      #expect(only?["psnr"] == nil, "equal pictures have no finite PSNR")

      let outcome = try place.run("score", "out", "truth", "--baseline", "in")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.count == 4)
      let heads = ["3 pictures", "translated", "left as it is", "colours matched"]
      for (line, head) in zip(lines, heads) { #expect(line.hasPrefix(head)) }
      #expect(lines[1].hasSuffix("1.0000"))
    }
  }

  @Test("score names pictures that cannot be compared, and needs pairs")
  func scoreFailures() throws {
    try Workplace.with { place in
      try place.writePicture("out/a.png")
      try place.writePicture("out/b.png", width: 20)
      for name in ["a.png", "b.png"] { try place.writePicture("truth/" + name) }
      let outcome = try place.run("score", "out", "truth", "--quiet")
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("out/b.png: A picture of 20×12"))
      #expect(outcome.output.hasPrefix("1 picture "))
      try place.writePicture("other/c.png")
      let strangers = try place.run("score", "out", "other")
      #expect(strangers.status == 1)
      #expect(strangers.errors.contains("no file names in common"))
    }
  }

  @Test(
    "wrong usage gives status 64",
    arguments: [
      ["dataset", "seasons"], ["dataset", "seasons", "x", "--size", "0"],
      ["augment", "in", "out", "--crop", "0"], ["augment", "in", "out", "--resize", "12y12"],
      ["augment", "in", "out", "--color-jitter", "2"], ["augment", "in", "out", "--copies", "0"],
      ["score", "out", "truth", "--domain", "x"], ["inspect"], ["nonsense"],
      ["benchmark", "--size", "30"], ["benchmark", "--case", "nothing"],
      ["benchmark", "--algorithm", "fft"],
    ])
  func wrongUsage(arguments: [String]) throws {
    try Workplace.with { place in
      let outcome = try place.run(arguments)
      #expect(outcome.status == 64)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("Usage:"))
    }
  }
}
