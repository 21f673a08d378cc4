import Autograd
import Checkpoints
import ConvolutionCore
import GANs
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Losses")
struct LossTests {
  private static let backends: [any Backend] = [ReferenceBackend(), CPUBackend(threads: 2)]
  private static let tolerance = Tolerance.relative(
    1e-5, because: "float32 means; \(Goldens.remedy)")

  @Test("Losses and their gradients are PyTorch's", arguments: backends)
  func goldens(backend: any Backend) throws {
    let golden = try Goldens.load("losses")
    for example in try golden.cases(LossCase.self) where example.kind != .penalty {
      let name = example.name
      let tape = Tape(training: backend, random: SeededRandom(seed: 0))
      let prediction = tape.variable(try golden.tensor(name, "prediction"))
      let loss =
        switch example.kind {
        case .lsgan: AdversarialLoss.lsgan(prediction, isReal: example.isReal!)
        case .vanilla: AdversarialLoss.vanilla(prediction, isReal: example.isReal!)
        case .wgangp: AdversarialLoss.wganGP(prediction, isReal: example.isReal!)
        case .l1, .penalty:
          absoluteDistance(prediction, tape.constant(try golden.tensor(name, "target")))
        }
      let gradient = tape.gradients(of: loss, withRespectTo: [prediction])[0]!
      try requireClose(loss.value, golden.tensor(name, "value"), Self.tolerance, name)
      try requireClose(
        gradient.value, golden.tensor(name, "gradient"), Self.tolerance, "\(name)'s gradient")
    }
  }

  /// Numbers of a judgement and what a loss makes of them, worked out by hand.
  private static let byHand: [(String, AdversarialLoss, isReal: Bool?, Float, Double)] = [
    ("hinge of real", .hinge, true, 0, (0.5 + 3) / 3),
    ("hinge of fake", .hinge, false, 0, (1.5 + 3.25) / 3),
    ("hinge's generator", .hinge, nil, 0, -0.75 / 3),
    ("mean judgement of real", .wasserstein, true, 0, -0.75 / 3),
    ("mean judgement of fake", .wasserstein, false, 0, 0.75 / 3),
    ("smoothed squares", .lsgan, true, 0.1, (0.4 * 0.4 + 2.9 * 2.9 + 1.35 * 1.35) / 3),
    ("smoothed entropy", .vanilla, true, 0.1, 0.92540385),
    ("what the first generator minimizes", .minimax, nil, 0, -1.15040385),
    ("what it minimizes instead", .vanilla, nil, 0, 0.90040385),
  ]

  @Test("Losses are what one works out by hand", arguments: byHand)
  func values(
    name: String, loss: AdversarialLoss, isReal: Bool?, smoothing: Float, expected: Double
  ) {
    let tape = Tape(training: ReferenceBackend(), random: SeededRandom(seed: 0))
    let judgement = tape.constant(Tensor([3], [0.5, -2, 2.25]))
    let value =
      isReal.map { loss(judgement, isReal: $0, smoothing: smoothing) } ?? loss.fooling(judgement)
    #expect(abs(Double(value.value.scalar) - expected) < 1e-6, "\(name): \(value.value.scalar)")
  }

  @Test("The gradient penalty and its second derivatives are PyTorch's", arguments: backends)
  func penalty(backend: any Backend) throws {
    let golden = try Goldens.load("losses")
    for example in try golden.cases(LossCase.self) where example.kind == .penalty {
      let name = example.name
      let critic = DiscriminatorDescription(layers: example.layers!, filters: example.filters!)
        .network()
      let weights = golden.parameters(name, "weights.")
      try critic.load(weights)
      let tape = Tape(training: backend, random: SeededRandom(seed: 0))
      let penalty = gradientPenalty(
        critic.callAsFunction, real: try golden.tensor(name, "real"),
        fake: try golden.tensor(name, "fake"),
        alphas: try golden.tensor(name, "alphas").values, on: tape)
      tape.accumulateGradients(of: penalty, into: critic.parameters)
      try requireClose(penalty.value, golden.tensor(name, "value"), Self.tolerance, name)

      let expected = golden.parameters(name, "gradients.")
      for named in critic.parameters where named.parameter.role.isTrained {
        let none = Tensor(zeros: named.parameter.shape)
        try requireClose(
          named.parameter.gradient ?? none, expected[named.path]!,
          .relative(1e-4, because: "second derivatives in float32; \(Goldens.remedy)"),
          "gradient of \(named.path)")
      }
    }
  }
}
