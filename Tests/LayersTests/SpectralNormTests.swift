import Autograd
import ConvolutionCore
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Spectral norm")
struct SpectralNormTests {
  private static let backends: [any Backend] = [ReferenceBackend(), CPUBackend(threads: 2)]

  /// One pass in training, and its tape.
  private func pass(_ layer: any Module, _ x: Tensor, on backend: any Backend) -> Variable {
    layer(Tape(training: backend, random: SeededRandom(seed: 0)).constant(x))
  }

  @Test(
    "After some passes the weight is divided by its largest singular value", arguments: backends)
  func convergence(backend: any Backend) throws {
    // A diagonal matrix stretches by its largest entry.
    let layer = Linear(inputs: 3, outputs: 3, bias: .none, isSpectral: true)
    #expect(layer.parameters.map(\.path) == ["weight_orig", "weight_u"])
    try layer.load([
      "weight_orig": Tensor([3, 3], [4, 0, 0, 0, -8, 0, 0, 0, 2]),
      "weight_u": Tensor([3], [0.5, 0.5, 0.7]),
    ])
    let x = Tensor([1, 3], [1, 1, 1])
    for _ in 0..<30 { _ = pass(layer, x, on: backend) }
    let y = pass(layer, x, on: backend).value
    try requireClose(
      y.reshaped([3]), Tensor([3], [0.5, -1, 0.25]), .relative(1e-5, because: "float32 powers"))
    // In use it is divided too, and nothing is followed any further.
    let direction = layer.parameters[1].parameter.value
    try requireClose(layer(x, on: backend), y, .relative(1e-6, because: "float32 products"))
    #expect(layer.parameters[1].parameter.value == direction)
  }

  @Test("The gradient passes through the division")
  func gradient() throws {
    // In use the direction u stands still, so the layer is a plain function of its weight: with
    // v = Wᵀu/|Wᵀu| also still, W / (uᵀWv). Along W itself that function is flat.
    let layer = Conv2D(
      inputChannels: 2, outputChannels: 3, kernel: 2, bias: .none, isSpectral: true)
    layer.initialize(seed: 1, name: "layer", gain: 1)
    let x = Tensor.normal([1, 3, 3, 2], seed: 2)
    let tape = Tape(training: ReferenceBackend(), random: SeededRandom(seed: 0))
    let y = layer(tape.constant(x))
    let factor = tape.constant(.normal(y.shape, seed: 3))
    tape.accumulateGradients(of: (y * factor).sum(), into: layer.parameters)
    let gradient = try #require(layer.weight.gradient)
    let along = zip(gradient.values, layer.weight.value.values).reduce(0) { $0 + $1.0 * $1.1 }
    let size = gradient.values.reduce(0) { max($0, abs($1)) }
    #expect(size > 0.01)
    #expect(abs(along) < 1e-4 * size)
  }

  @Test("A layer without it has a plain weight")
  func absence() {
    let layer = Conv2D(inputChannels: 1, outputChannels: 1, kernel: 1)
    #expect(layer.parameters.map(\.path) == ["weight", "bias"])
    #expect(layer.parameters.map(\.parameter.role.isTrained) == [true, true])
  }
}
