import ConvolutionCore
import Files
import Foundation
import GANs
import Tensors
import TestSupport
import Testing

@testable import Checkpoints
@testable import Training

@Suite("Hostile run folders")
struct HostileRunTests {
  // Trainers end with these functions, and with them their claim on the folder.
  private static func train(_ trainer: Trainer, steps: Int) throws {
    try trainer.run(until: { trainer.stepsDone == steps })
  }

  private static func train(_ trainer: GANTrainer, steps: Int) throws {
    try trainer.run(until: { trainer.stepsDone == steps })
  }

  /// Mutations of a run's options and of the position in its state; each is gone on with, or is an
  /// error that names the folder.
  private func expectSafe(
    _ purpose: String, in folder: String, goOn: () throws -> Void
  ) throws {
    // The folder around the run, where its pictures lie too.
    let root = URL(fileURLWithPath: folder).deletingLastPathComponent().path
    let optionsPath = folder + "/options.json", statePath = folder + "/state.safetensors"
    let options = try WholeFile.read(optionsPath), state = try WholeFile.read(statePath)
    let sound = try Safetensors.read(statePath)
    func run() throws {
      try goOn()
      // What was gone on with may have been saved.
      try AtomicFile.write(state, to: statePath)
    }
    var faults = Mutations.faults(400, of: [options], "\(purpose): options", naming: root) {
      try AtomicFile.write($0, to: optionsPath)
      try run()
    }
    try AtomicFile.write(options, to: optionsPath)
    let position = Array((sound.metadata["position"] ?? "").utf8)
    faults += Mutations.faults(200, of: [position], "\(purpose): position", naming: root) {
      var mutated = sound
      mutated.metadata["position"] = String(decoding: $0, as: UTF8.self)
      mutated.metadata["checksum"] = Checksum(mutated, except: "checksum").digits
      try mutated.write(to: statePath)
      try run()
    }
    #expect(faults.isEmpty, "\(faults.prefix(5))")
  }

  @Test("Options that somebody has changed are an error that says so")
  func changedOptions() throws {
    try withTemporaryFolder { folder in
      let domains = try SmallDomains(in: folder)
      let run = try SmallRun(in: folder, domains: domains, steps: 5)
      try Self.train(run.trainer(), steps: 4)
      let changes: [(words: String, change: (inout TrainingOptions) -> Void)] = [
        ("--pool is 1", { $0.poolSize = 1 }), ("pool.A.0", { ($0.size, $0.loadSize) = (28, 30) }),
        ("model", { $0.generator.filters = 5 }), ("model", { $0.discriminatorFilters = 5 }),
      ]
      for (words, change) in changes {
        let changed = try SmallRun(in: folder, domains: domains, steps: 5, change)
        let error = #expect(throws: TrainingError.self) { try changed.trainer(resuming: true) }
        let text = "\(error as Any)"
        #expect(text.contains(words) && text.contains("options.json"), "\(text)")
      }
    }
  }

  @Test("Saved options that cannot be trained with are an error of their file")
  func unusableOptions() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder, steps: 1) { $0.augmentation = "- Rotate" }
      try Self.train(run.trainer(), steps: 1)
      let path = run.folder + "/options.json"
      let sound = String(decoding: try WholeFile.read(path), as: UTF8.self)
      try AtomicFile.write(sound.replacing("\"pool\" : 3", with: "\"pool\" : -3"), to: path)
      let error = #expect(throws: TrainingError.self) { try Trainer.savedOptions(in: run.folder) }
      let text = "\(error as Any)"
      #expect(text.contains(path) && text.contains("--pool -3"), "\(text)")
    }
  }

  @Test("A state whose numbers are impossible is an error of its file")
  func impossibleState() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder, steps: 2)
      try Self.train(run.trainer(), steps: 1)
      let path = run.folder + "/state.safetensors"
      let sound = try StateFile<TrainingPosition>.read(path)
      let changes: [(inout StateFile<TrainingPosition>) -> Void] = [
        { $0.position.step = -1 }, { $0.position.step = .max }, { $0.position.logPosition = -1 },
        { $0.position.generatorAdamSteps = .max }, { $0.position.discriminatorAdamSteps = -1 },
        { $0.position.poolCountA = -1 }, { $0.position.poolCountB = 4 },
        { $0.position.seconds = -1 }, { $0.tensors["pool.A.0"] = Tensor(zeros: [1, 8, 8, 3]) },
      ]
      for (number, change) in changes.enumerated() {
        var state = sound
        change(&state)
        try state.write(to: path)
        let error = #expect(throws: TrainingError.self) { try run.trainer(resuming: true) }
        #expect("\(error as Any)".contains(path), "\(number): \(error as Any)")
      }
      // Moments of parameters that there are not are of no use, and no harm.
      var state = sound
      state.tensors["adam.generators.first.more"] = Tensor([1], [0])
      try state.write(to: path)
      try Self.train(run.trainer(resuming: true), steps: 2)
    }
  }

  @Test("A training that this machine cannot hold is refused before memory is asked for")
  func tooLarge() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder) {
        $0.generator.filters = 4096
        $0.generator.blocks = 900
      }
      let error = #expect(throws: TrainingError.self) { try run.trainer() }
      #expect("\(error as Any)".contains("--batch"), "\(error as Any)")
      let small = try SmallGANRun(.vanilla, in: folder) {
        $0.model.generator.width = 65_536
        $0.model.generator.layers = 100
      }
      #expect(throws: TrainingError.self) { try small.trainer() }
    }
  }

  @Test("A training goes on, or says what is wrong with its folder")
  func training() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder, steps: 3) {
        $0.augmentation = #"{"operations": [{"ColorJitter": {"probability": 0.5}}]}"#
        $0.discriminatorAugmentation = .adaptive
        $0.adversarialLoss = .vanilla
      }
      try Self.train(run.trainer(), steps: 2)
      try expectSafe("training", in: run.folder) {
        guard var options = try Trainer.savedOptions(in: run.folder) else { return }
        // As the program does, which takes the folders from its arguments and measures a time.
        (options.domainA, options.domainB) = (run.options.domainA, run.options.domainB)
        if case .time = options.length { return }
        guard options.isSmall else { return }
        let trainer = try Trainer(
          options, in: run.folder, resuming: true, on: CPUBackend(threads: 1),
          pace: .init(save: .never, sample: .never))
        let stop = trainer.stepsDone &+ 1
        do {
          try trainer.run(until: { trainer.stepsDone >= stop })
        } catch TrainingError.diverged {}
      }
    }
  }

  @Test("A training of noise goes on, or says what is wrong with its folder")
  func ganTraining() throws {
    try withTemporaryFolder { folder in
      let run = try SmallGANRun(.conditional, in: folder, steps: 3)
      try Self.train(run.trainer(), steps: 2)
      try expectSafe("training of noise", in: run.folder) {
        guard let options = try GANTrainer.savedOptions(in: run.folder) else { return }
        if case .time = options.length { return }
        guard options.isSmall else { return }
        let trainer: GANTrainer
        do {
          trainer = try GANTrainer(
            options, samples: run.samples, in: run.folder, resuming: true,
            on: CPUBackend(threads: 1), pace: .init(save: .never, sample: .never))
        } catch TrainingError.invalidOption, TrainingError.picturesChanged {
          // The samples are the program's to name, not the file's.
          return
        }
        let stop = trainer.stepsDone &+ 1
        do {
          try trainer.run(until: { trainer.stepsDone >= stop })
        } catch TrainingError.diverged {}
      }
    }
  }
}

extension TrainingOptions {
  /// Whether a step takes no longer than a test may.
  fileprivate var isSmall: Bool {
    size <= 64 && loadSize <= 128 && batch <= 4 && generator.filters <= 16
      && generator.blocks <= 8 && discriminatorFilters <= 16
  }
}

extension GANTrainingOptions {
  /// Whether a step takes no longer than a test may.
  fileprivate var isSmall: Bool {
    batch <= 64 && model.options.criticSteps <= 8
      && [model.generator.width, model.discriminator.width, model.generator.latent].allSatisfy {
        $0 <= 256
      }
      && [model.generator.embedding ?? 1, model.discriminator.embedding ?? 1].allSatisfy {
        $0 <= 256
      }
  }
}
