import CycleGANKit
import Foundation
import Testing

@Suite("cyclegan train")
struct TrainCommandTests {
  private func arguments(_ output: String) -> [String] {
    [
      "train", "a", "b", "--output", output, "--preset", "quick", "--size", "32", "--steps", "1",
      "--threads", "1",
    ]
  }

  private func prepare(_ place: Workplace) throws {
    for domain in ["a", "b"] {
      for number in 0..<2 {
        try place.writePicture("\(domain)/\(number).png", width: 40, height: 40)
      }
    }
  }

  @Test(
    "begins with a model file or a run folder, which say their own architecture",
    arguments: ["run", "run/model.safetensors"])
  func initialWeights(model: String) throws {
    try Workplace.with { place in
      try prepare(place)
      try place.writeModel("run/model.safetensors")
      let words = arguments("new") + ["--initial-weights", model]
      for words in [words, words + ["--resume"]] {
        let outcome = try place.run(words)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("ResNet of 1 block, 4 filters"), "\(outcome.errors)")
        #expect(try Trainer.savedOptions(in: "\(place.path)/new")?.discriminatorFilters == 4)
      }
    }
  }

  @Test("goes on without the model that it began with, and with test pictures that have moved")
  func moved() throws {
    try Workplace.with { place in
      let files = FileManager.default
      try prepare(place)
      try place.writeModel("old.safetensors")
      for (from, to) in [("a", "set/trainA"), ("b", "set/trainB")] {
        try files.createDirectory(atPath: "\(place.path)/set", withIntermediateDirectories: true)
        try files.moveItem(atPath: "\(place.path)/\(from)", toPath: "\(place.path)/\(to)")
      }
      for test in ["testA", "testB"] { try place.writePicture("set/\(test)/1.png") }
      func words(_ set: String) -> [String] {
        ["train", "\(set)/trainA", "\(set)/trainB", "--output", "run", "--size", "32"]
          + ["--steps", "1", "--threads", "1", "--initial-weights", "old.safetensors"]
          + ["--preset", "quick"]
      }
      #expect(try place.run(words("set")).status == 0)
      try files.moveItem(atPath: "\(place.path)/set", toPath: "\(place.path)/moved")
      try files.removeItem(atPath: "\(place.path)/old.safetensors")
      let outcome = try place.run(words("moved") + ["--resume"])
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
  }

  @Test("refuses a run among the pictures, and says in a dry run what would be missing")
  func refusals() throws {
    try Workplace.with { place in
      try prepare(place)
      try place.writeModel("m.safetensors")
      for output in ["a/run", "b", "./a/../b/x"] {
        for more in [[], ["--dry-run"]] {
          let outcome = try place.run(arguments(output) + more)
          #expect(outcome.status == 64 && outcome.errors.contains("lies in"), "\(outcome.errors)")
        }
      }
      for more in [
        ["--test-a", "nowhere"], ["--initial-weights", "m.safetensors", "--filters", "8"],
      ] {
        for dry in [["--dry-run"], []] {
          #expect(try place.run(arguments("run") + more + dry).status == 1, "\(more)")
        }
      }
      #expect(!FileManager.default.fileExists(atPath: "\(place.path)/run"))
    }
  }

  @Test("shows a step no more pictures than there are, and a dry run says the same")
  func largeBatch() throws {
    try Workplace.with { place in
      try prepare(place)
      try place.writePicture("b/3.png", width: 40, height: 40, seed: 3)
      let dry = try place.run(arguments("run") + ["--batch", "4096", "--dry-run"])
      let words = "3 of each domain a step, fewer than --batch: there are no more"
      #expect(dry.status == 0 && dry.output.contains(words), "\(dry.errors)\(dry.output)")
      let json = try place.run(arguments("run") + ["--batch", "4096", "--dry-run", "--json"])
      #expect(try json.json()["pictures_per_step"] as? Int == 3)
      let outcome = try place.run(arguments("run") + ["--batch", "4096"])
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("Run: 1 step of 3, 1 epoch of 1"), "\(outcome.errors)")
      for option in [["--dry-run"], []] {
        let refused = try place.run(arguments("other") + ["--batch", "100000"] + option)
        #expect(refused.status == 64)
        #expect(refused.errors.contains("--batch 100000: from 1 to 4096"), "\(refused.errors)")
      }
    }
  }

  @Test("learns from what is there of pictures that are cut off where that is asked for")
  func cutOff() throws {
    try Workplace.with { place in
      try prepare(place)
      for number in 0..<2 {
        try place.writePicture("c/\(number).jpg", width: 64, height: 64, as: .jpeg)
        try place.write(place.bytes("c/\(number).jpg").dropLast(100), to: "b/\(number).jpg")
        try FileManager.default.removeItem(atPath: "\(place.path)/b/\(number).png")
      }
      let refused = try place.run(arguments("other"))
      #expect(refused.status == 1 && refused.errors.contains("None of the 2 pictures in b can be"))
      let outcome = try place.run(arguments("run") + ["--accept-damaged"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try place.run(arguments("run") + ["--accept-damaged", "--resume"]).status == 0)
      for number in 0..<2 {
        try place.write(place.bytes("c/\(number).jpg"), to: "b/\(number).jpg")
      }
      #expect(try place.run(arguments("whole")).status == 0)
      let changed = try place.run(arguments("whole") + ["--accept-damaged", "--resume"])
      #expect(changed.status == 64)
      #expect(changed.errors.contains("these differ: --accept-damaged"), "\(changed.errors)")
    }
  }

  @Test("begins anew where an earlier attempt has failed before it was saved")
  func failedAttempt() throws {
    try Workplace.with { place in
      try prepare(place)
      try place.write(Array("- RandomCrop: {width: 500, height: 500}\n".utf8), to: "recipe.yaml")
      let failed = try place.run(arguments("run") + ["--augment", "recipe.yaml"])
      #expect(failed.status == 1)
      let outcome = try place.run(arguments("run"))
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try place.run(arguments("run")).errors.contains("holds a training run already"))
    }
  }

  @Test("replaces no model that has no state to go on from")
  func missingState() throws {
    try Workplace.with { place in
      try prepare(place)
      #expect(try place.run(arguments("run")).status == 0)
      try FileManager.default.removeItem(atPath: "\(place.path)/run/state.safetensors")
      let model = try place.bytes("run/model.safetensors")
      let outcome = try place.run(arguments("run") + ["--resume"])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("no state.safetensors to go on from"), "\(outcome.errors)")
      #expect(try place.bytes("run/model.safetensors") == model)
    }
  }

  @Test("says how to train on, where a run is complete or is to go on with other options")
  func trainingOn() throws {
    try Workplace.with { place in
      try prepare(place)
      #expect(try place.run(arguments("run")).status == 0)
      let complete = try place.run(arguments("run") + ["--resume"])
      #expect(complete.status == 0)
      #expect(complete.errors.contains("All steps are done. To train on"), "\(complete.errors)")
      let longer = try place.run("train", "a", "b", "--output", "run", "--steps", "9", "--resume")
      #expect(longer.status == 64)
      #expect(longer.errors.contains("--initial-weights run to begin"), "\(longer.errors)")
      let dry = try place.run(arguments("run") + ["--resume", "--dry-run"])
      #expect(dry.output.contains("run, which holds a run that goes on"), "\(dry.output)")
    }
  }
}
