import Autograd
import ConvolutionCore
import Tensors
import TestSupport
import Testing

@Suite("Pullbacks of convolution and instance norm")
struct ConvolutionPullbackTests {
  let differences = FiniteDifferences()

  static let specs: [ConvolutionSpec] = [
    ConvolutionSpec(), ConvolutionSpec(padding: .reflect(1)), ConvolutionSpec(padding: .zero(1)),
    ConvolutionSpec(stride: 2, padding: .zero(1)),
  ]

  @Test("A convolution, its input gradient and its filter gradient", arguments: specs)
  func verbs(spec: ConvolutionSpec) throws {
    let input: Shape = [2, 4, 5, 2], filter: Shape = [2, 3, 3, 2]
    let output = spec.outputShape(input: input, filter: filter)
    let x = Tensor.normal(input), w = Tensor.normal(filter, seed: 2)
    let dy = Tensor.normal(output, seed: 3), bias = Tensor.normal([2], seed: 4)
    try differences.check([x, w, bias]) { convolution($0[0], filter: $0[1], bias: $0[2], spec) }
    try differences.check([dy, w, bias]) {
      convolutionInputGradient($0[0], filter: $0[1], bias: $0[2], spec, inputShape: input)
    }
    try differences.check([x, dy]) {
      convolutionFilterGradient($0[0], $0[1], spec, filterShape: filter)
    }
  }

  @Test(
    "Instance norm with and without scale, activation and residual",
    arguments: [Activation.identity, .leakyReLU(slope: 0.2)])
  func norm(activation: Activation) throws {
    let x = Tensor.normal([2, 3, 3, 2]), residual = Tensor.normal([2, 3, 3, 2], seed: 2)
    let scale = Tensor([2], [1.5, -0.7]), shift = Tensor([2], [0.2, 0.6])
    var differences = differences
    // Four points 1/128 apart stay on one side of the activation's bend for these inputs.
    differences.step = 1 / 128
    try differences.check([x]) { instanceNorm($0[0], activation: activation).output }
    try differences.check([x, residual]) {
      instanceNorm($0[0], activation: activation, residual: $0[1]).output
    }
    try differences.check([x, scale, shift, residual]) {
      instanceNorm(
        $0[0], scale: $0[1], shift: $0[2], activation: activation, residual: $0[3]
      ).output
    }
  }
}
