import Checkpoints
import Files
import Foundation
import TestSupport
import Testing

@testable import Training

@Suite("A run that goes on")
struct ResumeTests {
  @Test("stopped anywhere, it ends with the same bits as one that was not")
  func bitForBit() throws {
    try withTemporaryFolder { folder in
      let domains = try SmallDomains(in: folder)
      let whole = try SmallRun(in: folder, name: "whole", domains: domains)
      try whole.trainer().run()

      for stops in [[1], [2, 3], [3, 6], [4, 5, 8]] {
        let name = "stops at \(stops)"
        let run = try SmallRun(in: folder, name: name, domains: domains)
        for stop in stops {
          let trainer = try run.trainer(resuming: stop != stops[0])
          #expect(try !trainer.run(until: { trainer.stepsDone == stop }))
        }
        #expect(try run.trainer(resuming: true).run(), "\(name)")
        #expect(try run.state.tensors == whole.state.tensors, "\(name)")
        #expect(
          try WholeFile.read(run.folder + "/model.safetensors")
            == WholeFile.read(whole.folder + "/model.safetensors"), "\(name)")
      }
    }
  }

  @Test("also with recipes and adaptive changes")
  func augmented() throws {
    try withTemporaryFolder { folder in
      let domains = try SmallDomains(in: folder)
      func run(_ name: String) throws -> SmallRun {
        try SmallRun(in: folder, name: name, domains: domains) {
          $0.augmentation = #"{"operations": [{"ColorJitter": {}}]}"#
          $0.discriminatorAugmentation = .adaptive
          $0.adversarialLoss = .vanilla
        }
      }
      let whole = try run("whole"), parts = try run("parts")
      try whole.trainer().run()
      // Stopped between two moves of the probability.
      for stop in [6, 9] {
        let trainer = try parts.trainer(resuming: stop > 6)
        try trainer.run(until: { trainer.stepsDone == stop })
      }
      #expect(try parts.state.tensors == whole.state.tensors)
      #expect(
        try parts.trainer(resuming: true).step.adaptiveA
          == whole.trainer(resuming: true).step.adaptiveA)
    }
  }

  @Test("what came after the checkpoint is done again, and logged once")
  func lostSteps() throws {
    try withTemporaryFolder { folder in
      let domains = try SmallDomains(in: folder)
      let run = try SmallRun(in: folder, domains: domains)
      let killed = try SmallRun(in: folder, name: "killed", domains: domains)
      func log(_ trainer: Trainer, _ event: TrainingEvent) throws {
        if case .step(let step) = event { try trainer.log.append("step \(step.step)") }
      }
      let first = try run.trainer(pace: .init(save: .steps(4), sample: .never))
      try first.run { event in
        try log(first, event)
        // What a process would leave that is killed here.
        if case .step(let step) = event, step.step == 7 {
          try FileManager.default.copyItem(atPath: run.folder, toPath: killed.folder)
        }
      }
      let second = try killed.trainer(resuming: true)
      #expect(second.stepsDone == 4)
      try second.run { try log(second, $0) }
      let lines = String(
        decoding: try WholeFile.read(killed.folder + "/log.jsonl"), as: UTF8.self)
      #expect(lines == (1...9).map { "step \($0)\n" }.joined())
    }
  }

  @Test("without a checkpoint it begins")
  func nothingToResume() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder, steps: 1)
      #expect(try run.trainer(resuming: true).run())
    }
  }

  @Test("a run that is complete stays as it is")
  func complete() throws {
    try withTemporaryFolder { folder in
      let run = try SmallRun(in: folder, steps: 2)
      try run.trainer().run()
      let before = try WholeFile.read(run.folder + "/model.safetensors")
      #expect(try run.trainer(resuming: true).run())
      #expect(try WholeFile.read(run.folder + "/model.safetensors") == before)
    }
  }

  @Test("other pictures than at the beginning are refused")
  func otherPictures() throws {
    try withTemporaryFolder { folder in
      let domains = try SmallDomains(in: folder)
      let run = try SmallRun(in: folder, domains: domains, steps: 1)
      try run.trainer().run()
      try AtomicFile.write(
        WholeFile.read(domains.a + "/picture 0.png"), to: domains.a + "/another.png")
      #expect(
        throws: TrainingError.picturesChanged(
          folder: domains.a, before: 5, now: 6, weights: run.folder)
      ) {
        try run.trainer(resuming: true)
      }
    }
  }

  @Test("a checkpoint of other networks is refused")
  func otherNetworks() throws {
    try withTemporaryFolder { folder in
      let domains = try SmallDomains(in: folder)
      try SmallRun(in: folder, domains: domains, steps: 1).trainer().run()
      let other = try SmallRun(in: folder, domains: domains) { $0.generator.filters = 5 }
      #expect(throws: TrainingError.self) { try other.trainer(resuming: true) }
    }
  }
}
