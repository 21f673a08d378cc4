import Checkpoints
import ConvolutionCore
import Files
import Foundation
import GANs
import Images
import TestSupport
import Testing
import Training

@Suite("A training run")
struct TrainerTests {
  @Test("it trains, reports finite losses, and leaves files that load")
  func plain() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder)
      var events: [TrainingEvent] = []
      let generators = try {
        let trainer = try run.trainer(pace: .init(save: .steps(4), sample: .steps(5)))
        #expect(try trainer.run { events.append($0) })
        return trainer.model.generators
      }()

      let steps = events.compactMap { if case .step(let step) = $0 { step } else { nil } }
      #expect(steps.map(\.step) == Array(1...9))
      #expect(steps.allSatisfy { $0.losses["cycleA"]! > 0 })
      #expect(steps.allSatisfy { $0.losses.named.allSatisfy { $0.value.isFinite } })
      let saved = events.compactMap { if case .saved(let step) = $0 { step } else { nil } }
      #expect(saved == [4, 8, 9])
      guard case .started(let start) = events.first, case .finished(9, _) = events.last else {
        Issue.record("the run does not begin and end as it should: \(events)")
        return
      }
      guard case .translation(_, let counts) = start.subject else {
        Issue.record("the run says it is \(start.subject)")
        return
      }
      #expect(counts == (5, 4) && start.plan.stepsPerEpoch == 3)

      let model = try ModelFile.read(run.folder + "/model.safetensors")
      #expect(model.description.domains == .init(a: "warm", b: "cold"))
      #expect(model.description.training?.steps == 9)
      #expect(model.generators == generators)
      let names = try FileManager.default.contentsOfDirectory(atPath: run.folder + "/samples")
      #expect(names.sorted() == ["latest.png", "step-0000005.png", "step-0000009.png"])
      // Three pictures of each domain under one another, four pictures in a row.
      let sample = try ImageFile.read(run.folder + "/samples/latest.png")
      #expect(sample.width == 4 * 24 + 3 * 4 && sample.height == 6 * 24 + 5 * 4)
      #expect(try Trainer.savedOptions(in: run.folder) == run.options)
    }
  }

  @Test("what was learnt is saved even where samples cannot be written")
  func unwritableSamples() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder)
      let trainer = try run.trainer()
      try FileManager.default.createDirectory(
        atPath: run.folder + "/samples/latest.png", withIntermediateDirectories: false)
      #expect(throws: FileError.self) { try trainer.run() }
      let model = try ModelFile.read(run.folder + "/model.safetensors")
      #expect(model.description.training?.steps == 9)
      #expect(FileManager.default.fileExists(atPath: run.folder + "/state.safetensors"))
    }
  }

  @Test("an error on the way loses no step, and the run goes on to the same end")
  func errorOnTheWay() throws {
    try withTemporaryFolder { folder in
      let whole = try SmallRun(in: folder)
      try whole.trainer().run()
      let run = try SmallRun(in: folder, name: "broken")
      try {
        let trainer = try run.trainer(pace: .init(save: .never, sample: .steps(2)))
        try FileManager.default.createDirectory(
          atPath: run.folder + "/samples/step-0000004.png", withIntermediateDirectories: false)
        #expect(throws: FileError.self) { try trainer.run() }
      }()
      #expect(RunFolder.stepsDone(in: run.folder) == 4)
      try FileManager.default.removeItem(atPath: run.folder + "/samples/step-0000004.png")
      try run.trainer(resuming: true).run()
      #expect(
        try WholeFile.read(run.folder + "/model.safetensors")
          == WholeFile.read(whole.folder + "/model.safetensors"))
    }
  }

  @Test("a report that nobody takes is made once, and the next ones come in time")
  func refusedReport() throws {
    struct Refused: Error {}
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder, steps: 101) { ($0.batch, $0.poolSize) = (1, 0) }
      #expect(throws: Refused.self) {
        try run.trainer().run { if case .report = $0 { throw Refused() } }
      }
      #expect(RunFolder.stepsDone(in: run.folder) == 50)
      var reported: [Int] = []
      try run.trainer(resuming: true).run {
        if case .report(let report) = $0 { reported.append(report.step) }
      }
      #expect(reported == [100, 101])
    }
  }

  @Test("models are kept on the way, if asked for")
  func keptModels() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder)
      try run.trainer(pace: .init(keep: .steps(3))).run()
      let names = try FileManager.default.contentsOfDirectory(atPath: run.folder + "/models")
      #expect(
        names.sorted() == [
          "step-0000003.safetensors", "step-0000006.safetensors", "step-0000009.safetensors",
        ])
      let model = try ModelFile.read(run.folder + "/models/step-0000003.safetensors")
      #expect(model.description.training?.steps == 3)
    }
  }

  @Test("a model and a sample that could not be written are written when the run goes on")
  func madeUp() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder)
      let models = run.folder + "/models", sample = run.folder + "/samples/step-0000003.png"
      let pace = TrainingPace(save: .never, sample: .steps(3), keep: .steps(3))
      do {
        let trainer = try run.trainer(pace: pace)
        try AtomicFile.write("in the way", to: models)
        #expect(throws: FileError(.makeFolder, models, .system(code: EEXIST))) {
          try trainer.run()
        }
      }
      #expect(RunFolder.stepsDone(in: run.folder) == 3)
      try FileManager.default.removeItem(atPath: models)
      try run.trainer(resuming: true, pace: pace).run()
      let whole = try SmallRun(in: folder, name: "whole")
      try whole.trainer(pace: pace).run()
      let kept = try WholeFile.read(models + "/step-0000003.safetensors")
      #expect(try kept == WholeFile.read(whole.folder + "/models/step-0000003.safetensors"))
      #expect(FileManager.default.fileExists(atPath: sample))
    }
  }

  @Test("mirroring and squeezing can be left, and make other runs")
  func shapes() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder, steps: 2)
      var options = run.options
      (options.flips, options.keepsShapes) = (false, true)
      #expect(options.differences(from: run.options) == ["--keep-shape", "--no-flip"])
      let trained = try SmallRun(in: folder, name: "shapes", steps: 2) {
        ($0.flips, $0.keepsShapes) = (false, true)
      }
      try trained.trainer().run()
      #expect(try Trainer.savedOptions(in: trained.folder)?.keepsShapes == true)
    }
  }

  @Test("the cycle is learnt")
  func learns() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder, steps: 60) { $0.learningRate = 2e-3 }
      var losses: [Float] = []
      try run.trainer().run { event in
        if case .step(let step) = event {
          losses.append(step.losses["cycleA"]! + step.losses["cycleB"]!)
        }
      }
      // The mean over the last steps against the first step's.
      #expect(losses[59] < 0.7 * losses[0], "\(losses[0]) → \(losses[59])")
    }
  }

  @Test("other losses and no identity loss train too", arguments: ["vanilla", "wgan-gp"])
  func otherLosses(name: String) throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder, steps: 2) {
        $0.adversarialLoss = .init(rawValue: name)!
        $0.lambdaIdentity = 0
        $0.schedule = .cosine
        $0.spectralNorm = true
      }
      #expect(try run.trainer().run())
    }
  }

  @Test("a folder that holds a run is not overwritten")
  func refusal() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder, steps: 1)
      try run.trainer().run()
      let before = try WholeFile.read(run.folder + "/model.safetensors")
      #expect(throws: TrainingError.runExists(folder: run.folder)) { try run.trainer() }
      #expect(try WholeFile.read(run.folder + "/model.safetensors") == before)
    }
  }

  @Test("a picture that cannot be read is named and skipped")
  func badPicture() throws {
    try withTemporaryFolder { folder in
      let domains = try SmallDomains(in: folder)
      try AtomicFile.write("no picture", to: domains.b + "/bad.png")
      var bad: [String] = []
      let run = try SmallRun(in: folder, domains: domains, steps: 12)
      #expect(
        try run.trainer().run {
          if case .badPicture(let file, _) = $0 { bad.append(file) }
        })
      #expect(bad == [domains.b + "/bad.png"])
    }
  }

  @Test("a loss that is no number ends the run and keeps the last good checkpoint")
  func divergence() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder) { $0.learningRate = 1e20 }
      var troubles: [Trouble] = []
      let error = #expect(throws: TrainingError.self) {
        try run.trainer(pace: .init(save: .steps(1), sample: .never)).run {
          if case .trouble(let trouble) = $0 { troubles.append(trouble) }
        }
      }
      #expect(troubles.map(\.kind) == [.divergence])
      guard case .diverged(_, _, let savedStep?) = error else {
        Issue.record("found \(error as Any)")
        return
      }
      #expect("\(TrainingError.diverged(step: 2, what: "x", savedStep: 1))".contains("step 1"))
      let model = try ModelFile.read(run.folder + "/model.safetensors")
      #expect(model.description.training?.steps == savedStep)
      for tensor in model.generators.values.flatMap(\.values) {
        #expect(tensor.values.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test("weights that are no numbers are never saved")
  func infiniteWeights() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder) { $0.learningRate = 1e39 }
      #expect(throws: TrainingError.self) {
        try run.trainer(pace: .init(save: .steps(1), sample: .never)).run()
      }
      #expect(!FileManager.default.fileExists(atPath: run.folder + "/state.safetensors"))
    }
  }

  @Test("a model's generators can be the start, if they fit")
  func initialWeights() throws {
    try withTemporaryFolder { folder in
      let first = try SmallRun(in: folder, name: "first", steps: 2)
      try first.trainer().run()
      let path = first.folder + "/model.safetensors"
      let second = try SmallRun(in: folder, name: "second") { $0.initialWeights = path }
      let model = try ModelFile.read(path)
      #expect(try second.trainer().model.generators == model.generators)
      let third = try SmallRun(in: folder, name: "third") {
        $0.initialWeights = path
        $0.generator.blocks = 2
      }
      #expect(throws: TrainingError.self) { try third.trainer() }
    }
  }

  @Test("a measurement takes real steps and leaves nothing behind")
  func measurement() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder)
      let measured = try StepMeasurement(run.options, on: CPUBackend(threads: 1), seconds: 0)
      #expect(measured.pictureCounts == (5, 4) && measured.stepsPerEpoch == 3)
      #expect(measured.secondsPerStep > 0)
      #expect(!FileManager.default.fileExists(atPath: run.folder))
    }
  }
}
