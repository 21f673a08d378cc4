import CycleGANKit
import Testing

@Suite("cyclegan export")
struct ExportCommandTests {
  @Test("writes a run's model as one file, in half the size if asked to")
  func export() throws {
    try Workplace.with { place in
      try place.writeModel("run/model.safetensors")
      try place.writePicture("a.png")
      let outcome = try place.run("export", "run", "whole.safetensors")
      #expect(outcome.status == 0 && outcome.errors.hasPrefix("Wrote whole.safetensors, "))
      #expect(try place.run("export", "run", "half.safetensors", "--half").status == 0)
      #expect(try place.bytes("whole.safetensors") == place.bytes("run/model.safetensors"))
      let bytes = try place.bytes("half.safetensors").count
      #expect(try bytes < place.bytes("whole.safetensors").count * 2 / 3)

      for model in ["whole", "half"] {
        let outcome = try place.run(
          "translate", "a.png", "\(model).png", "--model", "\(model).safetensors")
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      let (whole, half) = try (place.picture("whole.png"), place.picture("half.png"))
      let errors = zip(whole.samples, half.samples).map { abs(Int($0) - Int($1)) }
      // Half precision keeps eleven bits of a weight; a few layers add up to a few levels.
      #expect(try #require(errors.max()) <= 4)
    }
  }

  @Test("passes on only what can be used")
  func unusable() throws {
    try Workplace.with { place in
      try place.writeModel("m.safetensors")
      var model = try ModelFile.read("\(place.path)/m.safetensors")
      model.generators[.bToA]?["model.1.bias"] = nil
      try model.write(to: "\(place.path)/m.safetensors")
      let outcome = try place.run("export", "m.safetensors", "a.safetensors")
      #expect(outcome.status == 1 && outcome.errors.contains("model.1.bias"), "\(outcome.errors)")
      #expect(try place.files("") == ["m.safetensors"])
    }
  }

  @Test("takes the bundled model by its name, and writes nothing that is named as PyTorch's")
  func names() throws {
    try Workplace.with { place in
      #expect(try place.run("export", "seasons", "a.safetensors").status == 0)
      let outcome = try place.run("export", "a.safetensors", "b.pth")
      #expect(outcome.status == 64 && outcome.errors.contains(".safetensors"))
      try place.write([0x50, 0x4b, 3, 4] + [UInt8](repeating: 0, count: 100), to: "net_G.pth")
      let pickle = try place.run("inspect", "net_G.pth")
      #expect(pickle.status == 1 && pickle.errors.contains("save_file(torch.load('net_G.pth'"))
    }
  }

  @Test("names what is missing")
  func missing() throws {
    try Workplace.with { place in
      let outcome = try place.run("export", "none", "a.safetensors")
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("There is no none"))
    }
  }
}
