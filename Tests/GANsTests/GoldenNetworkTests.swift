import Autograd
import Checkpoints
import ConvolutionCore
import GANs
import Layers
import Tensors
import TestSupport
import Testing

/// Sums a network's output, weighted by itself, and adds the gradients to its parameters.
func accumulateGradients(of network: any Module, _ x: Tensor, on backend: any Backend) {
  let tape = Tape(training: backend, random: SeededRandom(seed: 1))
  let y = network(tape.constant(x))
  tape.accumulateGradients(of: (y + 0.5).squared().sum(), into: network.parameters)
}

extension NetworkCase {
  /// The network, with the golden's weights.
  func network(seed: UInt64) -> any Module {
    let network: any Module =
      switch kind {
      case .resnet, .unet:
        GeneratorDescription(
          kind: kind == .unet ? .unet : .resnet, blocks: blocks!, filters: filters,
          inputChannels: inputChannels, outputChannels: outputChannels
        ).network()
      case .patch, .pixel:
        DiscriminatorDescription(
          kind: kind == .pixel ? .pixel : .patch, layers: layers ?? 0, filters: filters,
          inputChannels: inputChannels
        ).network()
      }
    for named in network.parameters {
      named.parameter.value = goldenParameter(
        name: "\(name).\(named.path)", shape: named.parameter.shape, seed: seed)
    }
    return network
  }
}

@Suite("Goldens of networks")
struct GoldenNetworkTests {
  @Test("Networks with seeded weights give PyTorch's pictures")
  func outputs() throws {
    let golden = try Goldens.load("networks")
    for example in try golden.cases(NetworkCase.self) {
      let network = example.network(seed: golden.seed)
      #expect(network.parameterCount == example.parameters, "\(example)")
      let x = example.pictures(seed: golden.seed)
      // The reference backend would take minutes over the full-size ones.
      let backends: [any Backend] =
        [CPUBackend(threads: 2)] + (example.filters > 8 ? [] : [ReferenceBackend()])
      for backend in backends {
        try requireClose(
          example.stored(of: network(x, on: backend)), golden.tensor(example.name, "output"),
          .relative(1e-4, because: "the project's promise for whole networks; \(Goldens.remedy)"),
          "\(example) on \(backend.description)")
      }
    }
  }
}
