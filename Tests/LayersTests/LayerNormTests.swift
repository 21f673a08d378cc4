import Autograd
import ConvolutionCore
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Layer norm")
struct LayerNormTests {
  @Test("Each picture by itself has mean 0 and variance 1 over all its numbers")
  func statistics() {
    let layer = LayerNorm(channels: 3)
    let y = layer(.normal([2, 4, 5, 3], seed: 3), on: ReferenceBackend())
    for picture in 0..<2 {
      let values = y.values[picture * 60..<(picture + 1) * 60]
      #expect(abs(values.reduce(0, +) / 60) < 1e-6)
      #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 60 - 1) < 1e-4)
    }
  }

  @Test("Its gradient, and its gradient's gradient, are those of differences")
  func derivatives() throws {
    let x = Tensor.normal([2, 2, 2, 2], seed: 7)
    var differences = FiniteDifferences()
    differences.step = 1 / 128
    differences.tolerance = .relative(5e-3, because: "float32, differenced with a step of 1/128")
    let layer = LayerNorm(channels: 2)
    try differences.check([x]) { layer($0[0]) }
    try differences.check([x]) { variables in
      let y = layer(variables[0])
      return variables[0].tape.gradients(
        of: (y.tanh() * y).sum(), withRespectTo: [variables[0]], recording: true)[0]!
    }
  }

  @Test("Scale and shift belong to the channels")
  func parameters() throws {
    let layer = LayerNorm(channels: 2)
    try layer.load(["weight": Tensor([2], [0, 2]), "bias": Tensor([2], [5, 0])])
    let y = layer(.normal([1, 2, 2, 2]), on: ReferenceBackend())
    #expect(stride(from: 0, to: 8, by: 2).allSatisfy { y[$0] == 5 })
    #expect(stride(from: 1, to: 8, by: 2).allSatisfy { y[$0] != 0 })
  }
}
