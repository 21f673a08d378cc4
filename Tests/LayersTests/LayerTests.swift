import Autograd
import ConvolutionCore
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Layers")
struct LayerTests {
  private let backend = ReferenceBackend()

  @Test("A transposed convolution makes up for the stride, with and without output padding")
  func transposedShapes() {
    func shape(_ outputPadding: Int) -> Shape {
      let layer = ConvTranspose2D(
        inputChannels: 2, outputChannels: 3, kernel: 3, stride: 2, padding: 1,
        outputPadding: outputPadding)
      return layer(Tensor(zeros: [1, 4, 5, 2]), on: backend).shape
    }
    #expect(shape(0) == [1, 7, 9, 3])
    #expect(shape(1) == [1, 8, 10, 3])
  }

  @Test("A linear layer is a matrix and a bias")
  func linear() throws {
    let layer = Linear(inputs: 2, outputs: 3)
    try layer.load([
      "weight": Tensor([2, 3], [1, 2, 3, 4, 5, 6]), "bias": Tensor([3], [10, 20, 30]),
    ])
    let y = layer(Tensor([2, 2], [1, 0, 1, 1]), on: backend)
    #expect(y == Tensor([2, 1, 1, 3], [11, 22, 33, 15, 27, 39]))
  }

  @Test("An embedding is a column for each class")
  func embedding() throws {
    let layer = Embedding(classes: 3, size: 2)
    try layer.load(["weight": Tensor([2, 3], [1, 2, 3, 4, 5, 6])])
    let y = layer(Tensor(oneHot: [2, 0], classes: 3), on: backend)
    #expect(y == Tensor([2, 1, 1, 2], [3, 6, 1, 4]))
  }

  @Test("Weights without a gain are as wide as their inputs ask for")
  func initializationByInputs() {
    let layer = Linear(inputs: 50, outputs: 200)
    layer.initialize(seed: 1, name: "a", gain: nil)
    let squares = layer.weight.value.values.reduce(0) { $0 + $1 * $1 } / 10_000
    // Five standard errors of a variance of 2/50: 5 · 0.04 · √(2/10⁴).
    #expect(abs(squares - 0.04) < 2.9e-3)
  }

  @Test("Dropout acts in training only, and alike for the same tape")
  func dropout() {
    let layer = Dropout(probability: 0.5), x = Tensor(repeating: 1, [1, 8, 8, 4])
    #expect(layer(x, on: backend) == x)
    func dropped(seed: UInt64) -> Tensor {
      let tape = Tape(training: backend, random: SeededRandom(seed: seed))
      return layer(tape.constant(x)).value
    }
    #expect(dropped(seed: 1) == dropped(seed: 1))
    #expect(dropped(seed: 1) != dropped(seed: 2))
    #expect(Set(dropped(seed: 1).values) == [0, 2])
  }

  @Test("An inert bias stands among the parameters and changes nothing")
  func inertBias() {
    let layer = Conv2D(inputChannels: 1, outputChannels: 1, kernel: 1, bias: .inert)
    layer.weight.value = Tensor([1, 1, 1, 1], [2])
    layer.bias!.value = Tensor([1], [100])
    #expect(layer.parameters.map(\.path) == ["weight", "bias"])

    let tape = Tape(training: backend, random: SeededRandom(seed: 0))
    let y = layer(tape.constant(Tensor([1, 1, 1, 1], [3])))
    #expect(y.value.values == [6])
    tape.accumulateGradients(of: y.sum(), into: layer.parameters)
    #expect(layer.weight.gradient?.values == [3])
    #expect(layer.bias?.gradient == nil)
  }

  @Test("Gradients of several tapes add up")
  func accumulation() {
    let layer = Conv2D(inputChannels: 1, outputChannels: 1, kernel: 1)
    for x in [Float(3), 4] {
      let tape = Tape(training: backend, random: SeededRandom(seed: 0))
      let y = layer(tape.constant(Tensor([1, 1, 1, 1], [x])))
      tape.accumulateGradients(of: y.sum(), into: layer.parameters)
    }
    #expect(layer.weight.gradient?.values == [7])
    #expect(layer.bias?.gradient?.values == [2])
  }

  @Test("First weights are N(0, gain) and depend on seed and name alone")
  func initialization() {
    func layer(seed: UInt64, name: String) -> Conv2D {
      let layer = Conv2D(inputChannels: 32, outputChannels: 32, kernel: 3)
      layer.initialize(seed: seed, name: name)
      return layer
    }
    let weights = layer(seed: 1, name: "a").weight.value
    #expect(weights == layer(seed: 1, name: "a").weight.value)
    #expect(weights != layer(seed: 2, name: "a").weight.value)
    #expect(weights != layer(seed: 1, name: "b").weight.value)
    #expect(layer(seed: 1, name: "a").bias!.value == Tensor(zeros: [32]))

    let mean = weights.values.reduce(0, +) / 9216
    let deviation = (weights.values.reduce(0) { $0 + $1 * $1 } / 9216).squareRoot()
    // Five standard errors: 5 · 0.02/√9216 of the mean, 5 · 0.02/√(2 · 9216) of the deviation.
    #expect(abs(mean) < 1.1e-3)
    #expect(abs(deviation - 0.02) < 7.4e-4)
  }

  @Test("Values that do not fit are refused, all of them")
  func loading() {
    let layer = Conv2D(inputChannels: 1, outputChannels: 2, kernel: 1)
    let weight = Tensor(repeating: 1, [1, 1, 1, 2]), bias = Tensor(repeating: 1, [2])
    #expect(throws: ParameterMismatch.missing(path: "bias")) {
      try layer.load(["weight": weight])
    }
    #expect(throws: ParameterMismatch.unknown(path: "other")) {
      try layer.load(["weight": weight, "bias": bias, "other": bias])
    }
    #expect(
      throws: ParameterMismatch.shape(path: "bias", found: [3], expected: [2])
    ) {
      try layer.load(["weight": weight, "bias": Tensor(zeros: [3])])
    }
    #expect(layer.weight.value == Tensor(zeros: [1, 1, 1, 2]))
  }
}
