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

  @Test("asks for pictures where a family that makes them is to learn points")
  func points() throws {
    try Workplace.with { place in
      let errors = try place.run("gan", "train", "ring").errors
      #expect(errors.contains("ring is points; use vanilla, wgan or wgan-gp"), "\(errors)")
    }
  }
}
