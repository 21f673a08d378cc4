import Checkpoints
import ConvolutionCore
import GANs
import Layers
import Tensors
import TestSupport
import Testing

extension TrajectoryCase {
  /// The four networks with the golden's weights.
  fileprivate func networks(channels: Int) -> CycleGAN {
    let networks = CycleGAN(
      generator: GeneratorDescription(
        blocks: blocks, filters: filters, inputChannels: channels, outputChannels: channels),
      discriminator: DiscriminatorDescription(layers: discriminatorLayers, filters: filters))
    for named in networks.generatorParameters + networks.discriminatorParameters {
      named.parameter.value = parameter(named.path, shape: named.parameter.shape)
    }
    return networks
  }

  fileprivate func options() throws -> CycleGANOptions {
    let loss: AdversarialLoss =
      switch mode {
      case .lsgan: .lsgan
      case .vanilla: .vanilla
      case .wgangp: .wganGP
      case .l1, .penalty: throw Mismatch("\(name): \(mode) is no loss of a GAN")
      }
    return CycleGANOptions(
      lambdaA: lambdaA, lambdaB: lambdaB, lambdaIdentity: lambdaIdentity, adversarialLoss: loss,
      learningRate: learningRate,
      adam: Adam.Options(beta1: beta1, beta2: beta2, epsilon: epsilon), poolSize: poolSize)
  }

  fileprivate func chances(step: Int) -> CycleGANChances {
    var chances = CycleGANChances(
      seed: 0, step: step, batch: poolA[step].count, poolSize: poolSize)
    chances.poolA = poolA[step].map { $0 < 0 ? .keep : .swap($0) }
    chances.poolB = poolB[step].map { $0 < 0 ? .keep : .swap($0) }
    chances.alphasA = alphas("A", step: step)
    chances.alphasB = alphas("B", step: step)
    return chances
  }
}

extension CycleGANLosses {
  fileprivate subscript(loss: TrajectoryCase.Loss) -> Float {
    switch loss {
    case .ganAB: adversarialAB
    case .ganBA: adversarialBA
    case .cycleA: cycleA
    case .cycleB: cycleB
    case .identityA: identityA
    case .identityB: identityB
    case .discriminatorA: discriminatorA
    case .discriminatorB: discriminatorB
    }
  }
}

/// Whole training runs, step by step.
@Suite("Training trajectories")
struct TrajectoryTests {
  private static let backends: [any Backend] = [ReferenceBackend(), CPUBackend(threads: 2)]

  @Test(
    "Losses of every step and the last weights are PyTorch's",
    arguments: ["trajectory-lsgan", "trajectory-vanilla", "trajectory-wgangp"], backends)
  func replay(file: String, backend: any Backend) throws {
    let golden = try Goldens.load(file)
    let run = try golden.cases(TrajectoryCase.self)[0]
    let networks = run.networks(channels: run.pictures("A", step: 0).shape.channels)
    let step = CycleGANStep(networks, try run.options(), on: backend)
    let expected = try golden.tensor(run.name, "losses")
    for number in 0..<run.steps {
      let result = step(
        realA: run.pictures("A", step: number), realB: run.pictures("B", step: number),
        chances: run.chances(step: number))
      for (column, loss) in run.losses.enumerated() {
        try requireClose(
          Tensor(result.losses[loss]), Tensor(expected[number * run.losses.count + column]),
          .relative(1e-3, because: "the project's promise for losses; \(Goldens.remedy)"),
          "\(loss) of step \(number)")
      }
    }
    let weights = golden.parameters(run.name, "")
    for named in networks.generatorParameters + networks.discriminatorParameters {
      if run.inert.contains(named.path) { continue }
      guard let weight = weights[named.path] else { throw Mismatch("no weight \(named.path)") }
      try requireClose(
        named.parameter.value, weight,
        .relative(1e-4, because: "float32 over \(run.steps) steps; \(Goldens.remedy)"),
        named.path)
    }
  }
}
