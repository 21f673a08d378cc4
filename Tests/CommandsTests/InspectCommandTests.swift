import CycleGANKit
import Testing

@Suite("cyclegan inspect")
struct InspectCommandTests {
  @Test("says what a model file or a run folder is")
  func words() throws {
    try Workplace.with { place in
      try place.writeModel("Models/run/model.safetensors")
      for name in ["Models/run", "Models/run/model.safetensors"] {
        let outcome = try place.run("inspect", name)
        #expect(outcome.status == 0)
        for words in [
          "Models/run/model.safetensors", "A day, B night", "ResNet, 1 block", "day → night",
          "night → day", "64×64, cut from 72×72", "1,234 steps", "cyclegan 9.9",
        ] {
          #expect(outcome.output.contains(words), "\(words) in \(outcome.output)")
        }
      }
    }
  }

  @Test("says it in JSON")
  func json() throws {
    try Workplace.with { place in
      try place.writeModel("model.safetensors")
      let report = try place.run("inspect", "model.safetensors", "--json").json()
      #expect((report["domains"] as? [String: String]) == ["a": "day", "b": "night"])
      let generators = report["generators"] as? [[String: Any]] ?? []
      // Filters 3·49·4, 4·9·8, 8·9·16, 2·16·9·16, 16·9·8, 8·9·4, 4·49·3; a bias for each output.
      let expected = 588 + 288 + 1152 + 4608 + 1152 + 288 + 588 + (4 + 8 + 16 + 32 + 8 + 4 + 3)
      #expect(generators.map { $0["parameters"] as? Int } == [expected, expected])
      #expect((report["architecture"] as? [String: Any])?["input_channels"] as? Int == 3)
    }
  }

  @Test("takes the plain weights of one generator")
  func plainGenerator() throws {
    try Workplace.with { place in
      let network = GeneratorDescription(blocks: 2, filters: 4).network()
      let weights = network.values.mapValues {
        $0.shape.rank == 4 ? $0.filterInReferenceLayout() : $0
      }
      try Safetensors(tensors: weights).write(to: "\(place.path)/plain.safetensors")
      let outcome = try place.run("inspect", "plain.safetensors")
      #expect(outcome.output.contains("ResNet, 2 blocks, 4 filters"))
      #expect(outcome.output.contains("A → B") && !outcome.output.contains("B → A"))
      try place.writePicture("a.png")
      let translated = try place.run(
        "translate", "a.png", "b.png", "--model", "plain.safetensors")
      #expect(translated.status == 0)
    }
  }

  @Test("names what is wrong with a file that is no model")
  func noModel() throws {
    try Workplace.with { place in
      try place.write(Array("nonsense, and more of it".utf8), to: "model.safetensors")
      let outcome = try place.run("inspect", "model.safetensors")
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("model.safetensors is not a valid safetensors file"))
    }
  }
}
