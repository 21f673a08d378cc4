import Checkpoints
import Tensors
import TestSupport
import Testing

@Suite("Descriptions that cannot be true")
struct DamagedDescriptionTests {
  private static let convolutional = SamplerDescription(
    sample: SampleShape(size: 16, channels: 1), latent: 3, width: 2, classes: 2)
  private static let perceptron = SamplerDescription(
    kind: .perceptron, sample: SampleShape(size: 5, channels: 3), latent: 3, width: 4)

  private func sampler(_ description: SamplerDescription, labels: [String]) -> SamplerFile {
    SamplerFile(
      description: SamplerFileDescription(
        family: .dcgan, generator: description, labels: labels),
      parameters: [
        "main.0.weight": Tensor(zeros: [4, 4, 4, 5]), "model.0.weight": Tensor(zeros: [3, 4]),
        "model.4.weight": Tensor(zeros: [4, 75]),
      ])
  }

  private func classifier(_ description: ClassifierDescription) -> ClassifierFile {
    ClassifierFile(
      description: .init(
        classifier: description, labels: ["a", "b"], pictures: 1, accuracy: 0.5),
      parameters: [
        "main.0.weight": Tensor(zeros: [1, 4, 4, 2]),
        "reduction.weight": Tensor(zeros: [32, 3]), "judgement.weight": Tensor(zeros: [3, 2]),
      ])
  }

  @Test("A generator whose description fits its weights is read")
  func soundSamplers() throws {
    try withTemporaryFolder { folder in
      for (description, labels) in [(Self.convolutional, ["a", "b"]), (Self.perceptron, [])] {
        try sampler(description, labels: labels).write(to: folder + "/m")
        #expect(try SamplerFile.read(folder + "/m").description.generator == description)
      }
    }
  }

  @Test("A generator that cannot be built is refused before memory is asked for")
  func samplers() throws {
    func refuses(
      _ word: String, _ base: SamplerDescription = Self.convolutional,
      labels: [String] = ["a", "b"],
      _ change: (inout SamplerDescription) -> Void = { _ in }
    ) throws {
      var description = base
      change(&description)
      try withTemporaryFolder { folder in
        try sampler(description, labels: labels).write(to: folder + "/m")
        let error = #expect(throws: CheckpointError.self) { try SamplerFile.read(folder + "/m") }
        let text = error?.description ?? ""
        #expect(text.contains(word) && text.contains(folder), "\(text)")
      }
    }
    try refuses("5 pixels") { $0.sample.size = 5 }
    try refuses("'latent' -1") { $0.latent = -1 }
    try refuses("'latent'") { $0.latent = 1 << 62 }
    try refuses("'width'") { $0.width = 1 << 62 }
    try refuses("main.0.weight") { $0.width = 1 << 20 }
    try refuses("main.0.weight") { $0.sample.size = 7 << 9 }
    try refuses("'classes'", labels: []) { $0.classes = -1 }
    try refuses("1 labels for 2 classes", labels: ["a"])
    try refuses("'layers' 0", Self.perceptron, labels: []) { $0.layers = 0 }
    try refuses("layers", Self.perceptron, labels: []) { $0.layers = 1 << 20 }
    try refuses("numbers", Self.perceptron, labels: []) { $0.sample.size = 1 << 20 }
  }

  @Test("A classifier that cannot be built is none")
  func classifiers() throws {
    let sound = ClassifierDescription(size: 16, channels: 1, classes: 2, filters: 2, features: 3)
    try withTemporaryFolder { folder in
      try classifier(sound).write(to: folder + "/m")
      #expect(try ClassifierFile.read(folder + "/m").description.classifier == sound)
      let changes: [(inout ClassifierDescription) -> Void] = [
        { $0.size = 7 }, { $0.size = 1 << 62 }, { $0.channels = 1 << 62 }, { $0.channels = 0 },
        { $0.filters = 1 << 62 }, { $0.features = 1 << 40 }, { $0.classes = 1 },
      ]
      for change in changes {
        var description = sound
        change(&description)
        try classifier(description).write(to: folder + "/m")
        #expect(throws: CheckpointError(file: folder + "/m", .notAClassifier)) {
          try ClassifierFile.read(folder + "/m")
        }
      }
    }
  }
}
