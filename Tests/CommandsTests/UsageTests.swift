import Testing

@Suite("Wrong usage")
struct UsageTests {
  @Test(
    "meets the subcommand that was meant",
    arguments: [
      (["trian", "a", "b"], "cyclegan has no subcommand 'trian'. Did you mean 'train'?"),
      (["gan", "smaple"], "cyclegan gan has no subcommand 'smaple'. Did you mean 'sample'?"),
      (
        ["dataset", "season"],
        "cyclegan dataset has no subcommand 'season'. Did you mean 'seasons'?"
      ),
      (
        ["gan", "frobnicate"],
        "cyclegan gan has no subcommand 'frobnicate'. There are train, sample,"
      ),
    ])
  func misspelled(arguments: [String], words: String) throws {
    try Workplace.with { place in
      let outcome = try place.run(arguments)
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test(
    "that shows only when a command has begun meets that command's usage",
    arguments: [
      (["translate", "a", "a"], "Usage: cyclegan translate <input>"),
      (["train", "a", "a/../a", "--dry-run"], "Usage: cyclegan train [<options>] <domain-a>"),
      (["gan", "train", "ring"], "Usage: cyclegan gan train"),
    ])
  func usage(arguments: [String], words: String) throws {
    try Workplace.with { place in
      try place.writePicture("a/1.png", width: 32, height: 32)
      try place.writeModel("Models/x/model.safetensors")
      let outcome = try place.run(arguments)
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test(
    "of values with a rule of their own says the rule",
    arguments: [
      ("train a b --names a,a", "two different names with a comma"),
      ("train a b --names a", "two different names with a comma"),
      ("train a b --time 5x", "a number with its unit, or several, as in 90s"),
      ("train a b --save-every 0", "a number of steps, or a time, as in 500 or 5min"),
      ("train a b --generator vgg", "resnet with a number of blocks"),
      ("train a b --device gpu", "cpu, auto, cuda or cuda:N"),
      ("gan train digits --time 5x", "a number with its unit"),
      ("gan train digits --sample-every never", "a number of steps, or a time"),
      ("translate a b --max-memory lots", "a number of bytes, as in 512M"),
      ("translate a b --shard 4/4", "a part, counted from 0, and how many there are"),
      ("augment a b --crop 12y12", "pixels from 1 to 65500"),
      ("augment a b --resize 0", "pixels from 1 to 65500"),
    ])
  func rules(command: String, words: String) throws {
    try Workplace.with { place in
      let outcome = try place.run(command.split(separator: " ").map(String.init))
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test(
    "of numbers below zero says what they must be, as of all numbers that make no sense",
    arguments: [
      ("train a b --steps -5", "--steps -5: from 1 to"),
      ("train a b --batch -1", "--batch -1: from 1 to 4096"),
      ("train a b --lambda-cycle -0.5", "--lambda-cycle -0.5: a number not below 0"),
      ("train a b --lambda-cycle -.5 --quiet", "--lambda-cycle -0.5: a number not below 0"),
      ("train a b --seed -1", "The value '-1' is invalid for '--seed <seed>'"),
      ("gan train digits --steps -5", "--steps -5: from 1 to"),
      ("translate a b --size -3", "--size is -3 and must be from 1 to"),
      ("augment a b --copies -2", "--copies is -2 and must be from 1 to"),
      ("augment a b --quiet -2", "--quiet"),
      ("train a b --steps --quiet", "Missing value for '--steps <steps>'"),
    ])
  func negativeNumbers(command: String, words: String) throws {
    try Workplace.with { place in
      for folder in ["a", "b"] { try place.writePicture("\(folder)/1.png", width: 32, height: 32) }
      let outcome = try place.run(command.split(separator: " ").map(String.init))
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test(
    "of augment's options that would say nothing beside others is refused",
    arguments: [
      ("augment a b --replay m --seed 3", "--replay takes the place of"),
      ("augment a b --replay m --crop 8", "--replay takes the place of"),
      ("augment a b --replay m --resize 8", "--replay takes the place of"),
      ("augment a b --replay m --no-flip", "--replay takes the place of"),
      ("augment a b --replay m --color-jitter 0.1", "--replay takes the place of"),
      ("augment a - --json", "--json and the archive would both go to standard output"),
      ("augment a b --label-format yolo", "--label-format says what --labels are"),
    ])
  func idleOptions(command: String, words: String) throws {
    try Workplace.with { place in
      try place.writePicture("a/1.png")
      let outcome = try place.run(command.split(separator: " ").map(String.init))
      #expect(outcome.status == 64 && outcome.output.isEmpty)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test("asks for pictures where a family that makes them is to learn points")
  func points() throws {
    try Workplace.with { place in
      let errors = try place.run("gan", "train", "ring").errors
      #expect(errors.contains("ring is points; use vanilla, wgan or wgan-gp"), "\(errors)")
    }
  }
}
