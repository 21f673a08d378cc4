import Foundation
import Testing

@Suite("cyclegan train --augment")
struct TrainAugmentTests {
  private static let arguments = [
    "train", "a", "b", "--output", "run", "--preset", "quick", "--size", "32", "--steps", "1",
    "--quiet",
  ]

  private static func prepare(_ place: Workplace) throws {
    for domain in ["a", "b"] {
      for number in 0..<2 {
        try place.writePicture("\(domain)/\(number).png", width: 40, height: 40)
      }
    }
  }

  @Test("takes recipes with a trained generator, which a resumed run finds again")
  func translate() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      try place.writeModel("night.safetensors")
      let recipe = "- Translate: {model: night.safetensors, to: night, probability: 1}\n"
      try place.write(Array(recipe.utf8), to: "recipe.yaml")
      let outcome = try place.run(Self.arguments + ["--augment", "recipe.yaml"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let description = try place.run("inspect", "run/model.safetensors").output
      #expect(description.contains("Translate"))
      let resumed = try place.run(Self.arguments + ["--augment", "recipe.yaml", "--resume"])
      #expect(resumed.status == 0, "\(resumed.errors)")
    }
  }

  @Test("says at once which model of a recipe is missing")
  func missing() throws {
    try Workplace.with { place in
      try Self.prepare(place)
      try place.write(Array("- Translate: {model: none.safetensors}\n".utf8), to: "recipe.yaml")
      let outcome = try place.run(Self.arguments + ["--augment", "recipe.yaml"])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("none.safetensors"))
      #expect(!FileManager.default.fileExists(atPath: "\(place.path)/run"))
    }
  }
}
