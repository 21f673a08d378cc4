import Checkpoints
import ConvolutionCore
import Files
import Foundation
import GANs
import ImageDatasets
import Images
import TestSupport
import Testing
import Training

@Suite("Training a generator from noise")
struct GANTrainerTests {
  @Test(
    "Stopped anywhere, a run ends with the same bits as one that was not",
    arguments: GANFamily.allCases)
  func bitForBit(family: GANFamily) throws {
    try withTemporaryFolder { folder in
      let whole = try SmallGANRun(family, in: folder, name: "whole")
      try whole.trainer().run()
      let parts = try SmallGANRun(family, in: folder, name: "parts")
      for stop in [1, 4] {
        let trainer = try parts.trainer(resuming: stop > 1)
        #expect(try !trainer.run(until: { trainer.stepsDone == stop }))
      }
      #expect(try parts.trainer(resuming: true).run())
      for file in ["model.safetensors", "state.safetensors"] {
        let (one, other) = try (
          Safetensors.read("\(whole.folder)/\(file)"), Safetensors.read("\(parts.folder)/\(file)")
        )
        #expect(one.tensors == other.tensors, "\(file)")
      }
    }
  }

  @Test("It reports finite losses, draws samples, and leaves a model that can be sampled")
  func plain() throws {
    try withTemporaryFolder { folder in
      let run = try SmallGANRun(.conditional, in: folder)
      var events: [TrainingEvent] = []
      try run.trainer(pace: .init(save: .steps(4), sample: .steps(5))).run { events.append($0) }
      let steps = events.compactMap { if case .step(let step) = $0 { step } else { nil } }
      #expect(steps.map(\.step) == Array(1...6))
      #expect(steps.allSatisfy { $0.losses.named.allSatisfy { $0.value.isFinite } })
      guard case .started(let start) = events.first,
        case .sampling(let options, samples: 30) = start.subject
      else {
        Issue.record("the run begins with \(events[0])")
        return
      }
      #expect(options == run.options)
      // A row for each digit, eight pictures in a row.
      let sheet = try ImageFile.read(run.folder + "/samples/latest.png")
      #expect(sheet.width == 8 * 8 + 7 * 2 && sheet.height == 10 * 8 + 9 * 2)

      let file = try SamplerFile.read(RunFolder.modelPath(run.folder))
      #expect(file.description.family == .conditional && file.description.labels.count == 10)
      #expect(file.description.training?.steps == 6)
      let sampler = try Sampler(file, on: CPUBackend(threads: 1))
      let samples = sampler.samples(sampler.noise(0..<3, seed: 1), labels: [7, 7, 7])
      #expect(samples.shape == [3, 8, 8, 1])
      #expect(throws: CheckpointError.self) { try ModelFile.read(RunFolder.modelPath(run.folder)) }
    }
  }

  @Test("Points of the plane can be learnt", arguments: [GANFamily.vanilla, .wgan, .wganGP])
  func points(family: GANFamily) throws {
    try withTemporaryFolder { folder in
      let run = try SmallGANRun(family, in: folder, source: "ring", steps: 2)
      #expect(try run.trainer().run())
      let trained = try SamplerFile.read(RunFolder.modelPath(run.folder))
      #expect(trained.description.generator.sample.isPoint)
    }
  }

  @Test("What a step takes is measured without a trace")
  func measurement() throws {
    try withTemporaryFolder { folder in
      let run = try SmallGANRun(.dcgan, in: folder)
      #expect(
        try run.options.secondsPerStep(run.samples, on: CPUBackend(threads: 1), seconds: 0) > 0)
      #expect(!FileManager.default.fileExists(atPath: run.folder))
    }
  }

  @Test("What cannot be trained with is refused, with the option's name")
  func refusals() throws {
    func refuses(
      _ option: String, _ family: GANFamily = .dcgan, _ change: (inout GANTrainingOptions) -> Void
    ) throws {
      let options = try SmallGANRun(family, in: "nowhere", change).options
      let error = #expect(throws: TrainingError.self) { try options.validate() }
      #expect(error.map { "\($0)".hasPrefix(option + " ") } == true, "\(option): \(error as Any)")
    }
    try refuses("--size") { $0.model.generator.sample.size = 30 }
    try refuses("--family", .conditional) { $0.model.generator.classes = 0 }
    try refuses("--batch") { $0.batch = 0 }
    try refuses("--latent") { $0.model.generator.latent = 0 }
    try refuses("--critic-steps") { $0.model.options.criticSteps = 0 }
    try refuses("--clip", .wgan) { $0.model.options.constraint = .clipping(0) }
    try refuses("--smoothing") { $0.model.options.smoothing = 1 }
    try refuses("--learning-rate") { $0.model.options.learningRate = 0 }
    try refuses("--steps") { $0.length = .steps(0) }
    try refuses("--channels") { $0.source.channels = 2 }
    // Nothing would be left of a perceptron's one pixel.
    try refuses("--norm", .vanilla) { $0.model.generator.norm = .instance }
    try refuses("--critic-norm", .vanilla) { $0.model.discriminator.norm = .instance }
    // Nothing would keep the critic from being steep.
    try refuses("--gan-loss") { $0.model.options.loss = .wganGP }
    try refuses("--gan-loss") { $0.model.options.loss = .wasserstein }
    try refuses("--gan-loss", .wganGP) { $0.model.options.constraint = .none }
  }

  @Test("A run does not go on with labels exchanged")
  func otherSamples() throws {
    try withTemporaryFolder { folder in
      let run = try SmallGANRun(.conditional, in: folder)
      do {
        let trainer = try run.trainer()
        #expect(try !trainer.run(until: { trainer.stepsDone == 1 }))
      }
      let pictures = LabelledPictures.digits(count: 30, seed: 3, size: 8)
      let relabelled = LabelledPictures(
        (0..<30).map(pictures.picture(at:)), classes: (0..<30).map { 9 - pictures.label(of: $0) },
        labels: pictures.labels)
      #expect(
        throws: TrainingError.picturesChanged(
          folder: "digits", before: 30, now: 30, weights: nil)
      ) {
        try GANTrainer(
          run.options, samples: .pictures(relabelled), in: run.folder, resuming: true,
          on: CPUBackend(threads: 1))
      }
    }
  }

  @Test("Samples are the same, however many are made at once")
  func batches() throws {
    let description = SamplerDescription(
      kind: .convolutional, sample: .init(size: 8, channels: 1), latent: 3, width: 4)
    let network = description.network()
    network.initialize(seed: 1, name: "generator", gain: 0.2)
    let sampler = Sampler(description, network, on: CPUBackend(threads: 1))
    let numbers = Array(3..<8), labels = [Int](repeating: 0, count: 5)
    #expect(
      sampler.samples(numbers, seed: 2, labels: labels, batch: 2)
        == sampler.samples(sampler.noise(numbers, seed: 2), labels: labels))
  }

  @Test("Every family's own numbers can be trained with", arguments: GANFamily.allCases)
  func presets(family: GANFamily) throws {
    let samples = SampleSource.pictures(.digits(count: 10, seed: 1, size: 28))
    let options = GANTrainingOptions(family, source: .init("digits"), samples: samples)
    try options.validate()
    let data = try JSONEncoder().encode(options)
    #expect(try JSONDecoder().decode(GANTrainingOptions.self, from: data) == options)
    #expect(options.differences(from: options).isEmpty)
  }

  @Test("The papers' numbers are the defaults")
  func papers() throws {
    let pictures = SampleShape(size: 64, channels: 3)
    let dcgan = AdversarialModel(.dcgan, making: pictures).options
    #expect(dcgan.optimizer == .adam(beta1: 0.5, beta2: 0.999) && dcgan.learningRate == 2e-4)
    let wgan = AdversarialModel(.wgan, making: pictures).options
    #expect(wgan.constraint == .clipping(0.01) && wgan.criticSteps == 5)
    #expect(wgan.optimizer == .rmsProp(decay: 0.99) && wgan.learningRate == 5e-5)
    let wganGP = AdversarialModel(.wganGP, making: pictures)
    #expect(wganGP.options.constraint == .gradientPenalty(10) && wganGP.options.criticSteps == 5)
    #expect(wganGP.options.optimizer == .adam(beta1: 0, beta2: 0.9))
    #expect(wganGP.options.learningRate == 1e-4 && wganGP.discriminator.norm == .layer)
    // PyTorch's example of DCGAN, 64 filters: 3,576,704 and 2,765,568 parameters.
    let networks = AdversarialModel(.dcgan, making: pictures)
    #expect(networks.generator.network().parameterCount == 3_576_704)
    #expect(networks.discriminator.network().parameterCount == 2_765_568)
  }
}
