import Autograd
import ConvolutionCore
import Tensors
import TestSupport
import Testing

/// Gradients of gradients: the function under test is itself a gradient.
@Suite("Second derivatives")
struct SecondDerivativeTests {
  /// The gradient of a bent scalar of `function` with respect to its first input, as a variable.
  private func checkGradient(
    of inputs: [Tensor], step: Float = 1 / 64, _ function: ([Variable]) -> Variable
  ) throws {
    var differences = FiniteDifferences()
    differences.step = step
    differences.tolerance = .relative(
      4e-3, because: "float32 gradients, differenced with a step of \(step)")
    try differences.check(inputs) { variables in
      // A bent loss makes the gradient depend on the value, also where the function is linear.
      let y = function(variables)
      let loss = (y.tanh() * y).sum()
      let tape = variables[0].tape
      return tape.gradients(of: loss, withRespectTo: [variables[0]], recording: true)[0]!
    }
  }

  @Test("of every pointwise function", arguments: PullbackTests.functions)
  func map(function: Pointwise) throws {
    try checkGradient(of: [.awayFromZero([6])]) { $0[0].map(function) }
  }

  @Test("of root and reciprocal")
  func positive() throws {
    let x = Tensor([5], [0.7, 1, 1.5, 2, 3])
    try checkGradient(of: [x]) { $0[0].squareRoot() }
    try checkGradient(of: [x]) { $0[0].map(.reciprocal) }
  }

  @Test("of products, sums, repetitions and channels")
  func combine() throws {
    let inputs: [Tensor] = [.normal([2, 2, 2, 3]), .normal([3], seed: 2)]
    try checkGradient(of: inputs) { $0[0] * $0[1] - $0[0].mean(to: [3]).broadcast(to: $0[0].shape) }
    try checkGradient(of: inputs) {
      concatenateChannels([$0[0].channels(1..<3), $0[0] * $0[1]]).upsampled(by: 2)
    }
  }

  @Test("of convolutions", arguments: ConvolutionPullbackTests.specs)
  func convolutions(spec: ConvolutionSpec) throws {
    let x = Tensor.normal([1, 4, 4, 2]), w = Tensor.normal([2, 3, 3, 2], seed: 2)
    let bias = Tensor.normal([2], seed: 3)
    try checkGradient(of: [x, w, bias]) {
      convolution($0[0], filter: $0[1], bias: $0[2], spec)
    }
    let output = spec.outputShape(input: x.shape, filter: w.shape)
    try checkGradient(of: [.normal(output, seed: 4), w]) {
      convolutionInputGradient($0[0], filter: $0[1], spec, inputShape: x.shape)
    }
  }

  @Test(
    "of instance norm, fused forwards",
    arguments: [Activation.identity, .leakyReLU(slope: 0.2)])
  func norm(activation: Activation) throws {
    let x = Tensor.normal([1, 3, 3, 2], seed: 5)
    let scale = Tensor([2], [1.5, -0.7]), shift = Tensor([2], [0.2, 0.6])
    try checkGradient(of: [x, scale, shift], step: 1 / 128) {
      instanceNorm($0[0], scale: $0[1], shift: $0[2], activation: activation).output
    }
    try checkGradient(of: [x], step: 1 / 128) {
      instanceNorm($0[0], activation: activation).output
    }
  }
}
