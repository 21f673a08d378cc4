import Checkpoints
import ConvolutionCore
import GANs
import Layers
import Tensors
import TestSupport
import Testing

/// Ten training steps of each family.
@Suite("Training trajectories of the families")
struct FamilyTrajectoryTests {
  private static let backends: [any Backend] = [ReferenceBackend(), CPUBackend(threads: 2)]

  @Test("Losses of every step and the last weights are PyTorch's", arguments: backends)
  func replay(backend: any Backend) throws {
    let golden = try Goldens.load("families")
    for run in try golden.cases(FamilyCase.self) {
      let step = AdversarialStep(try run.model(), on: backend)
      run.fill(step)
      let expected = try golden.tensor(run.name, "losses")
      for number in 0..<run.steps {
        let result = step(run.turns(step: number))
        for (column, loss) in result.named.enumerated() {
          try requireClose(
            Tensor(loss.value), Tensor(expected[2 * number + column]),
            .relative(1e-3, because: "the project's promise for losses; \(Goldens.remedy)"),
            "\(run.name): \(loss.name) of step \(number)")
        }
      }
      for (name, network) in run.networks(step) {
        let weights = golden.parameters(run.name, name + ".")
        for named in network.parameters where !run.inert.contains("\(name).\(named.path)") {
          guard let weight = weights[named.path] else {
            throw Mismatch("\(run.name): no \(name).\(named.path)")
          }
          try requireClose(
            named.parameter.value, weight,
            .relative(1e-4, because: "float32 over \(run.steps) steps; \(Goldens.remedy)"),
            "\(run.name): \(name).\(named.path)")
        }
        #expect(weights.count == network.parameters.count, "\(run.name): \(name)")
      }
    }
  }
}

/// A case of `families`; `Scripts/golden_families.py` says how it was made.
private struct FamilyCase: Decodable, Sendable {
  struct Network: Decodable, Sendable {
    let kind: SamplerDescription.Kind
    let width: Int
    let layers: Int
    let norm: SamplerDescription.Norm
    let isSpectral: Bool
  }

  let name: String
  let steps: Int
  let inert: Set<String>
  private let seed: UInt64
  private let batch: Int
  private let latent: Int
  private let sample: [Int]
  private let classes: Int
  private let embedding: Int?
  private let generator: Network
  private let discriminator: Network
  private let loss: AdversarialLoss
  private let smoothing: Float
  private let criticSteps: Int
  private let clipping: Float?
  private let penalty: Float?
  private let beta1: Double?
  private let beta2: Double?
  private let decay: Double?
  private let learningRate: Double
  private let weightScale: Float

  private var shape: SampleShape { SampleShape(size: sample[0], channels: sample[1]) }

  func model() throws -> AdversarialModel {
    var options = AdversarialOptions(
      loss: loss, smoothing: smoothing, criticSteps: criticSteps, learningRate: learningRate)
    if let beta1, let beta2 { options.optimizer = .adam(beta1: beta1, beta2: beta2) }
    if let decay { options.optimizer = .rmsProp(decay: decay) }
    if let clipping { options.constraint = .clipping(clipping) }
    if let penalty { options.constraint = .gradientPenalty(penalty) }
    return AdversarialModel(
      generator: SamplerDescription(
        kind: generator.kind, sample: shape, latent: latent, width: generator.width,
        layers: generator.layers, norm: generator.norm, classes: classes, embedding: embedding),
      discriminator: CriticDescription(
        kind: discriminator.kind, sample: shape, width: discriminator.width,
        layers: discriminator.layers, norm: discriminator.norm,
        isSpectral: discriminator.isSpectral, classes: classes, embedding: embedding),
      options: options)
  }

  func networks(_ step: AdversarialStep) -> [(name: String, network: LabelledNetwork)] {
    [("generator", step.generator), ("discriminator", step.discriminator)]
  }

  /// Gives the networks the golden's first weights.
  func fill(_ step: AdversarialStep) {
    for (name, network) in networks(step) {
      for named in network.parameters {
        let parameter = named.parameter
        switch parameter.role {
        case .runningMean, .runningVariance: continue
        default: break
        }
        parameter.value = goldenParameter(
          name: "\(name).\(named.path)", shape: parameter.shape, seed: seed, scale: weightScale)
        guard parameter.role == .scale else { continue }
        for index in 0..<parameter.shape.count { parameter.value[index] += 1 }
      }
    }
  }

  /// What the discriminator's turns of a step are given.
  func turns(step: Int) -> [AdversarialTurn] {
    (0..<criticSteps).map { number in
      let turn = step * criticSteps + number
      func even(_ name: String, _ shape: Shape) -> Tensor {
        goldenTensor(name: "\(name).\(turn)", shape: shape, seed: seed, scale: 1)
      }
      func halves(_ name: String) -> [Float] { even(name, [batch]).values.map { ($0 + 1) / 2 } }
      return AdversarialTurn(
        real: even("real", [batch, shape.size, shape.size, shape.channels]),
        labels: halves("labels").map { Int($0 * Float(max(1, classes))) },
        noise: even("noise", [batch, 1, 1, latent]), alphas: halves("alphas"))
    }
  }
}
