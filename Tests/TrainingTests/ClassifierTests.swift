import Checkpoints
import ConvolutionCore
import GANs
import ImageDatasets
import Images
import Tensors
import TestSupport
import Testing
import Training

@Suite("A classifier of pictures, and what it says of samples")
struct ClassifierTests {
  private static let data = LabelledPictures.Parts(
    training: .digits(count: 400, seed: 1, size: 16),
    test: .digits(count: 200, seed: 1, size: 16, part: .test))
  private static let backend = CPUBackend(threads: 2)
  private static let weights: [String: Tensor] = {
    var training = ClassifierTraining()
    training.steps = 80
    training.batch = 40
    return training.train(on: data.training, backend: backend).values
  }()
  private static var judge: SampleJudge {
    get throws {
      let classifier = PictureClassifier(.init(size: 16, channels: 1, classes: 10))
      try classifier.load(weights)
      return SampleJudge(classifier, data: data, on: backend)
    }
  }

  private func pictures(
    _ indices: [Int], under label: (Int) -> Int, names: [String] = Digits.labels
  ) -> LabelledPictures {
    let source = Self.data.test
    return LabelledPictures(
      indices.map(source.picture), classes: indices.map { label(source.label(of: $0)) },
      labels: names)
  }

  @Test("It learns to read drawn digits that it has never seen")
  func learning() throws {
    let judge = try Self.judge
    #expect(judge.accuracy > 0.85, "\(judge.accuracy)")
    #expect(judge.labels == Digits.labels)
  }

  @Test("Real pictures score well: their labels, all classes, a small distance")
  func realSamples() throws {
    let judge = try Self.judge
    let score = try judge.score(Self.data.test)
    #expect(score.labelAccuracy == judge.accuracy && score.samples == 200)
    #expect(score.covered == 10 && score.classes == 10)
    #expect(score.entropy > 3.2 && score.entropy <= score.greatestEntropy)
    #expect(score.frechetDistance < 1e-6 * judge.realFrechetDistance)
  }

  @Test("Samples under the wrong labels, of one class, or of noise score as they deserve")
  func badSamples() throws {
    let judge = try Self.judge
    let wrong = try judge.score(pictures(Array(0..<200)) { ($0 + 1) % 10 })
    #expect(wrong.labelAccuracy! < 0.1 && wrong.covered == 10)

    let sevens = Self.data.test.indices(of: 7)
    let collapsed = try judge.score(pictures(sevens) { _ in 0 })
    #expect(collapsed.covered <= 2 && collapsed.entropy < 1)

    var random = SeededRandom(seed: 1, purpose: "noise")
    let noise = LabelledPictures(
      (0..<100).map { _ in
        Image(
          width: 16, height: 16, channels: 1,
          samples: (0..<256).map { _ in UInt8(random.integer(below: 256)) })
      }, classes: [Int](repeating: 0, count: 100), labels: [""])
    let score = try judge.score(noise)
    #expect(score.labelAccuracy == nil)
    #expect(score.frechetDistance > 2 * judge.realFrechetDistance)
    #expect(collapsed.frechetDistance > 2 * judge.realFrechetDistance)
  }

  @Test("Labels that the data do not have, and single samples, are errors")
  func refusals() throws {
    let judge = try Self.judge
    let strange = pictures([0, 1]) { _ in 0 }
    #expect(throws: ScoringError.tooFewSamples(1)) { try judge.score(strange.subset([0])) }
    let named = pictures([0, 1], under: { _ in 0 }, names: ["boot"])
    #expect(throws: ScoringError.unknownLabel("boot", known: Digits.labels)) {
      try judge.score(named)
    }
  }

  @Test("It is the same for any number of threads, and comes back from its file")
  func file() throws {
    var training = ClassifierTraining()
    training.steps = 3
    training.batch = 20
    let one = training.train(on: Self.data.training, backend: CPUBackend(threads: 1))
    let two = training.train(on: Self.data.training, backend: CPUBackend(threads: 2))
    #expect(one.values == two.values)
    try withTemporaryFolder { folder in
      let path = "\(folder)/judge.safetensors"
      try ClassifierFile(one, data: Self.data, accuracy: 0.5).write(to: path)
      let read = try ClassifierFile.read(path)
      #expect(read.description.labels == Digits.labels && read.description.accuracy == 0.5)
      let again = try read.classifier(of: Self.data, file: path)
      #expect(again.values == one.values)
      let other = LabelledPictures.Parts(training: Self.data.test, test: Self.data.training)
      #expect(throws: ScoringError.otherPictures(judge: path)) {
        try read.classifier(of: other, file: path)
      }
      #expect(throws: CheckpointError.self) { try ModelFile.read(path) }
      let model = ModelDescription(domains: .init(a: "a", b: "b"), generator: .init())
      try ModelFile(description: model, generators: [:]).write(to: path)
      let error = #expect(throws: CheckpointError.self) { try ClassifierFile.read(path) }
      #expect(error?.reason == .notAClassifier)
    }
  }
}
