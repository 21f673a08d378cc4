import Autograd
import ConvolutionCore
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Batch norm")
struct BatchNormTests {
  private static let backends: [any Backend] = [ReferenceBackend(), CPUBackend(threads: 2)]

  @Test("Results, gradients and running statistics are PyTorch's", arguments: backends)
  func goldens(backend: any Backend) throws {
    let golden = try Goldens.load("normalizations")
    for example in try golden.cases(NormalizationCase.self) where example.kind != .instance {
      let name = example.name
      func close(_ actual: Tensor?, _ key: String) throws {
        guard let actual else { throw Mismatch("\(name).\(key): no gradient") }
        try requireClose(
          actual, golden.tensor(name, key),
          .relative(2e-5, because: "float32 statistics; \(Goldens.remedy)"), "\(name).\(key)")
      }
      let x = try golden.tensor(name, "x"), dy = try golden.tensor(name, "dy")
      let layer = BatchNorm(
        channels: x.shape.channels, epsilon: example.epsilon, momentum: example.momentum!)
      try layer.load([
        "weight": golden.tensor(name, "scale"), "bias": golden.tensor(name, "shift"),
        "running_mean": golden.tensor(name, "mean"),
        "running_var": golden.tensor(name, "variance"),
      ])
      if example.kind == .batchTraining {
        let tape = Tape(training: backend, random: SeededRandom(seed: 0))
        let input = tape.variable(x), y = layer(input)
        let weighted = (y * tape.constant(dy)).sum()
        let parameters = layer.parameters.prefix(2).map(\.parameter)
        let owners = parameters.map { tape.variable(of: $0, $0.value) }
        let gradients = tape.gradients(of: weighted, withRespectTo: [input] + owners)
        try close(y.value, "y")
        try close(gradients[0]?.value, "dx")
        try close(gradients[1]?.value, "dscale")
        try close(gradients[2]?.value, "dshift")
      } else {
        try close(layer(x, on: backend), "y")
      }
      try close(layer.values["running_mean"], "newMean")
      try close(layer.values["running_var"], "newVariance")
    }
  }
}
