import Files
import Tensors
import TestSupport
import Testing

@testable import Checkpoints

@Suite("Hostile models and states")
struct HostileFileTests {
  private struct Position: Codable { var step: Int, seconds: Double, names: [String] }

  /// Gives mutations of a file, and of the JSON in its metadata, to a reader.
  private func expectSafe(
    _ purpose: String, _ write: (String) throws -> Void, read: (String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/file"
      try write(path)
      let whole = try WholeFile.read(path), sound = try Safetensors.read(path)
      var faults = Mutations.faults(250, of: [whole], purpose, naming: path) { bytes in
        try AtomicFile.write(bytes, to: path)
        try read(path)
      }
      for (key, json) in sound.metadata where key != "checksum" {
        faults += Mutations.faults(
          250, of: [Array(json.utf8)], "\(purpose): \(key)", naming: path
        ) { bytes in
          var mutated = sound
          mutated.metadata[key] = String(decoding: bytes, as: UTF8.self)
          mutated.metadata["checksum"] = Checksum(mutated, except: "checksum").digits
          try mutated.write(to: path)
          try read(path)
        }
      }
      #expect(faults.isEmpty, "\(faults.prefix(5))")
    }
  }

  @Test("A model that translates is read, or is an error that names its file")
  func models() throws {
    let model = ModelFile(
      description: ModelDescription(
        domains: .init(a: "x", b: "y"), generator: GeneratorDescription(blocks: 1, filters: 2),
        preprocessing: .init(size: 8, loadSize: 9),
        training: .init(program: "p", steps: 1, epochs: 1, seed: 3)),
      generators: [.aToB: ["model.1.weight": Tensor(zeros: [3, 7, 7, 2])]])
    try expectSafe("model") {
      try model.write(to: $0)
    } read: {
      _ = try ModelFile.read($0)
    }
  }

  @Test("A bare model is read, or is an error that names its file")
  func bareModels() throws {
    try expectSafe("bare model") { path in
      try Safetensors(tensors: [
        "model.1.weight": Tensor(zeros: [2, 3, 7, 7]),
        "model.10.conv_block.1.weight": Tensor(zeros: [8, 8, 3, 3]),
        "model.18.weight": Tensor(zeros: [3, 2, 7, 7]),
      ]).write(to: path)
    } read: {
      _ = try ModelFile.read($0)
    }
  }

  @Test("A generator from noise is read, or is an error that names its file")
  func samplers() throws {
    let description = SamplerDescription(
      kind: .perceptron, sample: .init(size: 2, channels: 1), latent: 2, width: 3, layers: 1)
    let file = SamplerFile(
      description: .init(family: .vanilla, generator: description),
      parameters: [
        "model.0.weight": Tensor(zeros: [2, 3]), "model.2.weight": Tensor(zeros: [3, 4]),
      ])
    try expectSafe("sampler") {
      try file.write(to: $0)
    } read: {
      _ = try SamplerFile.read($0)
    }
  }

  @Test("A classifier is read, or is an error that names its file")
  func classifiers() throws {
    let file = ClassifierFile(
      description: .init(
        classifier: .init(size: 8, channels: 1, classes: 2, filters: 2, features: 3),
        labels: ["a", "b"], pictures: 1, accuracy: 0.5),
      parameters: [
        "main.0.weight": Tensor(zeros: [1, 4, 4, 2]),
        "reduction.weight": Tensor(zeros: [32, 3]), "judgement.weight": Tensor(zeros: [3, 2]),
      ])
    try expectSafe("classifier") {
      try file.write(to: $0)
    } read: {
      _ = try ClassifierFile.read($0)
    }
  }

  @Test("A state is read, or is an error that names its file")
  func states() throws {
    let state = StateFile(
      tensors: ["a": Tensor([2], [1, 2])],
      position: Position(step: 3, seconds: 0.5, names: ["x"]))
    try expectSafe("state") {
      try state.write(to: $0)
    } read: {
      _ = try StateFile<Position>.read($0)
    }
  }
}
