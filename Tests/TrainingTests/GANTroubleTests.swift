import Checkpoints
import GANs
import TestSupport
import Testing
import Training

@Suite("Troubles are provoked in real runs, and named")
struct GANTroubleTests {
  /// What is named in a run of small networks on eight Gaussians.
  private func troubles(
    _ family: GANFamily, steps: Int, _ change: (inout AdversarialModel) -> Void = { _ in }
  ) throws -> [Trouble.Kind] {
    try withTemporaryFolder { folder in
      let run = try SmallGANRun(family, in: folder, source: "ring", steps: steps) { options in
        options.batch = 32
        options.average = nil
        (options.model.generator.width, options.model.discriminator.width) = (16, 16)
        change(&options.model)
      }
      var found: [Trouble.Kind] = []
      try run.trainer(pace: .init(save: .never, sample: .steps(50))).run { event in
        if case .trouble(let trouble) = event { found.append(trouble.kind) }
      }
      return found
    }
  }

  @Test("A poor generator that hardly moves is overpowered, and has collapsed")
  func overpowering() throws {
    let found = try troubles(.vanilla, steps: 800) { model in
      // A single hidden unit: points lie on a line, half of them in one place.
      (model.generator.latent, model.generator.layers, model.generator.width) = (1, 1, 1)
      model.options.learningRate = 1e-9
      model.options.criticLearningRate = 1e-2
    }
    #expect(found.contains(.overpoweringDiscriminator), "\(found)")
    #expect(found.contains(.modeCollapse), "\(found)")
  }

  @Test("Weights that explode are divergence")
  func divergence() throws {
    let found = try troubles(.vanilla, steps: 60) { model in
      (model.options.learningRate, model.options.criticLearningRate) = (10, 10)
    }
    #expect(found.contains(.divergence), "\(found)")
  }

  @Test("A run with the family's own numbers stays quiet")
  func healthy() throws {
    #expect(try troubles(.wganGP, steps: 1000).isEmpty)
  }
}
