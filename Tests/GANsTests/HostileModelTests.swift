import Checkpoints
import ConvolutionCore
import GANs
import Layers
import TestSupport
import Testing

@Suite("Hostile models of noise and classifiers")
struct HostileModelTests {
  /// Mutations of a model's description are used, or are errors that name the file.
  private func expectSafe(
    _ purpose: String, _ write: (String) throws -> Void, use: (String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model.safetensors"
      try write(path)
      let sound = try Safetensors.read(path)
      let json = Array((sound.metadata["cyclegan"] ?? "").utf8)
      let faults = Mutations.faults(400, of: [json], purpose, naming: path) {
        var mutated = sound
        mutated.metadata["cyclegan"] = String(decoding: $0, as: UTF8.self)
        try mutated.write(to: path)
        do {
          try use(path)
        } catch is ParameterMismatch {
          // Whoever builds a network of a file adds its name.
        }
      }
      #expect(faults.isEmpty, "\(faults.prefix(5))")
    }
  }

  @Test(
    "A generator makes samples, or is an error that names its file",
    arguments: SamplerDescription.Kind.allCases)
  func samplers(kind: SamplerDescription.Kind) throws {
    let description = SamplerDescription(
      kind: kind, sample: .init(size: 16, channels: 1), latent: 3, width: 2, layers: 2,
      classes: 2, embedding: 2)
    try expectSafe("\(kind) samples") {
      try SamplerFile(
        description: .init(family: .dcgan, generator: description, labels: ["a", "b"]),
        parameters: description.network().values
      ).write(to: $0)
    } use: {
      let sampler = try Sampler(SamplerFile.read($0), on: CPUBackend(threads: 1))
      _ = sampler.samples(
        sampler.noise([0, 1], seed: 1), labels: sampler.description.classes > 1 ? [0, 1] : [0, 0])
    }
  }

  @Test("Pictures of other channels than 1 or 3 are refused")
  func channels() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model.safetensors"
      let description = SamplerDescription(
        kind: .perceptron, sample: .init(size: 4, channels: 5), latent: 3, width: 2, layers: 1)
      try SamplerFile(
        description: .init(family: .vanilla, generator: description, labels: []),
        parameters: description.network().values
      ).write(to: path)
      let error = #expect(throws: CheckpointError.self) { try SamplerFile.read(path) }
      #expect(error?.description.contains("5 channels, not 1 or 3") == true)
    }
  }

  @Test("A classifier judges, or is an error that names its file")
  func classifiers() throws {
    let description = ClassifierDescription(
      size: 12, channels: 1, classes: 2, filters: 2, features: 3)
    try expectSafe("classifier's use") {
      try ClassifierFile(
        description: .init(
          classifier: description, labels: ["a", "b"], pictures: 1, accuracy: 0.5),
        parameters: PictureClassifier(description).values
      ).write(to: $0)
    } use: {
      let file = try ClassifierFile.read($0)
      try PictureClassifier(file.description.classifier).load(file.parameters)
    }
  }
}
