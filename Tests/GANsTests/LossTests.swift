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
        critic, real: try golden.tensor(name, "real"), fake: try golden.tensor(name, "fake"),
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

  @Test("The penalty vanishes where the critic's slope is one everywhere")
  func flatPenalty() throws {
    // A 1×1 filter over a picture of one pixel: the slope is the filter itself, (0.6, 0.8).
    let critic = Conv2D(inputChannels: 2, outputChannels: 1, kernel: 1)
    critic.weight.value = Tensor([2, 1, 1, 1], [0.6, 0.8])
    let tape = Tape(training: ReferenceBackend(), random: SeededRandom(seed: 0))
    let penalty = gradientPenalty(
      critic, real: .normal([3, 1, 1, 2]), fake: .normal([3, 1, 1, 2], seed: 2),
      alphas: [0, 0.5, 1], on: tape)
    #expect(abs(penalty.value.scalar) < 1e-10)
  }
}
