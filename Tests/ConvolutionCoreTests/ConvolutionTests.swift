import Tensors
import Testing

@testable import ConvolutionCore

/// One layer: shapes and spec.
struct LayerCase: CustomTestStringConvertible {
  let input: Shape, filter: Shape, spec: ConvolutionSpec

  init(_ input: Shape, _ filter: Shape, stride: Int = 1, _ padding: ConvolutionSpec.Padding) {
    self.input = input
    self.filter = filter
    spec = ConvolutionSpec(stride: stride, padding: padding)
  }

  var testDescription: String { "\(filter) over \(input), stride \(spec.stride), \(spec.padding)" }

  static let all = [
    // The reference networks' layers, small.
    Self([1, 12, 12, 3], [3, 7, 7, 32], .reflect(3)),
    Self([1, 16, 16, 16], [16, 3, 3, 32], stride: 2, .zero(1)),
    Self([1, 15, 13, 32], [32, 3, 3, 48], stride: 2, .zero(1)),
    Self([2, 9, 14, 32], [32, 3, 3, 48], .reflect(1)),
    Self([1, 33, 37, 16], [16, 3, 3, 16], .reflect(1)),
    Self([2, 13, 11, 16], [16, 3, 3, 32], .zero(1)),
    Self([1, 14, 15, 48], [48, 7, 7, 3], .reflect(3)),
    Self([1, 16, 16, 3], [3, 4, 4, 16], stride: 2, .zero(1)),
    Self([1, 16, 12, 16], [16, 4, 4, 32], stride: 2, .zero(1)),
    Self([2, 17, 22, 32], [32, 4, 4, 32], stride: 2, .zero(1)),
    Self([1, 19, 18, 48], [48, 3, 3, 32], stride: 2, .zero(1)),
    Self([2, 12, 15, 32], [32, 4, 4, 16], .zero(1)),
    Self([1, 11, 9, 48], [48, 4, 4, 1], .zero(1)),
    // 7×7 with few channels on one side, of every border, and rows that are no multiple of four.
    Self([2, 17, 41, 3], [3, 7, 7, 16], .zero(3)),
    Self([1, 13, 70, 1], [1, 7, 7, 33], .reflect(3)),
    Self([2, 10, 37, 16], [16, 7, 7, 4], .zero(3)),
    Self([1, 7, 45, 20], [20, 7, 7, 1], .zero(0)),
    Self([1, 18, 9, 8], [8, 7, 9, 6], .zero(6)),
    // What else a user may ask for.
    Self([2, 7, 5, 5], [5, 1, 1, 7], .zero(0)),
    Self([3, 1, 1, 20], [20, 1, 1, 33], .zero(0)),
    Self([1, 9, 9, 20], [20, 5, 5, 18], stride: 3, .zero(2)),
    Self([1, 10, 10, 17], [17, 3, 3, 2], stride: 2, .reflect(1)),
    Self([1, 8, 8, 4], [4, 2, 2, 6], stride: 3, .zero(0)),
    Self([1, 18, 21, 32], [32, 3, 3, 32], stride: 2, .zero(0)),
    Self([1, 15, 16, 32], [32, 4, 4, 32], stride: 2, .zero(2)),
    Self([1, 6, 9, 1], [1, 3, 5, 1], .zero(1)),
    Self([1, 2, 2, 16], [16, 3, 3, 16], .reflect(1)),
    // Rows of tiles that lie apart meet behind a wide mirrored border.
    Self([1, 34, 12, 16], [16, 3, 3, 16], .reflect(5)),
    Self([1, 35, 12, 16], [16, 4, 4, 16], .reflect(3)),
    Self([1, 4, 4, 32], [32, 4, 4, 32], .zero(2)),
    // Windows that are the whole picture: the ends of DCGAN's networks.
    Self([5, 4, 4, 32], [32, 4, 4, 20], .zero(0)),
    Self([3, 7, 7, 6], [6, 7, 7, 1], stride: 2, .zero(0)),
    Self([70, 2, 3, 16], [16, 2, 3, 16], .zero(0)),
  ]
}

extension CPUBackend {
  /// Every instruction set of this machine with every algorithm, on three threads; with the usual
  /// caches, and with others that make these small layers take the ways of large ones.
  static let variants: [CPUBackend] = InstructionSet.allCases.filter(\.isAvailable).flatMap { set in
    Algorithm.allCases.flatMap { algorithm in
      Caches.all.map {
        CPUBackend(threads: 3, instructionSet: set, algorithm: algorithm, caches: $0)
      }
    }
  }

  var name: String { "\(instructionSet), \(algorithm), \(caches.sharedFloats) floats cached" }
}

extension CPUBackend.Caches {
  /// Every layer counts as large, and few of its tiles fit into a block.
  private static let small = Self(sharedFloats: 0, blockFloats: 1 << 12)
  /// No layer counts as large, and yet few of its tiles fit into a block.
  private static let smallBlocks = Self(blockFloats: 1 << 12)

  static let all = [Self(), small, smallBlocks]
}

func random(_ shape: Shape, _ purpose: RandomPurpose) -> Tensor {
  var random = SeededRandom(seed: 7, purpose: purpose)
  return Tensor(shape) { random.normal() }
}

/// Root mean square of the error over that of the signal.
func relativeError(_ found: Tensor, _ expected: Tensor) -> Double {
  precondition(found.shape == expected.shape, "\(found.shape) against \(expected.shape)")
  var error = 0.0, signal = 0.0
  for (a, b) in zip(found.values, expected.values) {
    error += Double(a - b) * Double(a - b)
    signal += Double(b) * Double(b)
  }
  return (error / max(signal, 1e-30)).squareRoot()
}

@Suite("Convolution in three verbs")
struct ConvolutionTests {
  // Direct sums and F(2×2) stay within 1e-6, F(4×4) within 3e-6 rms: the rounding of their
  // transforms; sums here are short, so these are generous.
  static func tolerance(_ backend: CPUBackend) -> Double {
    switch backend.algorithm {
    case .direct, .winograd2: 1e-6
    case .winograd4, .auto: 3e-6
    }
  }

  @Test(
    "agrees with the definition for every layer, instruction set and algorithm",
    arguments: LayerCase.all)
  func agreesWithReference(_ layer: LayerCase) {
    let reference = ReferenceBackend()
    let x = random(layer.input, "x"), filter = random(layer.filter, "filter")
    let bias = random([layer.filter[3]], "bias"), inputBias = random([layer.filter[0]], "input")
    let y = reference.convolution(x, filter: filter, bias: bias, layer.spec)
    let dy = random(y.shape, "dy")
    let transposedBias: Tensor? = if case .zero = layer.spec.padding { inputBias } else { nil }
    let dx = reference.convolutionInputGradient(
      dy, filter: filter, bias: transposedBias, layer.spec, inputShape: x.shape)
    let plain = reference.convolutionInputGradient(
      dy, filter: filter, bias: nil, layer.spec, inputShape: x.shape)
    let dw = reference.convolutionFilterGradient(x, dy, layer.spec, filterShape: filter.shape)
    for backend in CPUBackend.variants {
      let limit = Self.tolerance(backend)
      let output = backend.convolution(x, filter: filter, bias: bias, layer.spec)
      #expect(relativeError(output, y) < limit, "forward, \(backend.name)")
      let input = backend.convolutionInputGradient(
        dy, filter: filter, bias: transposedBias, layer.spec, inputShape: x.shape)
      #expect(relativeError(input, dx) < limit, "input gradient, \(backend.name)")
      let weights = backend.convolutionFilterGradient(
        x, dy, layer.spec, filterShape: filter.shape)
      #expect(relativeError(weights, dw) < limit, "filter gradient, \(backend.name)")
      let both = backend.convolutionGradients(x, filter: filter, dy, layer.spec)
      #expect(relativeError(both.input, plain) < limit, "both gradients, \(backend.name)")
      #expect(relativeError(both.filter, dw) < limit, "both gradients, \(backend.name)")
    }
  }

  @Test(
    "gives the same bits for any number of threads", arguments: LayerCase.all,
    CPUBackend.Caches.all)
  func isIndependentOfThreads(_ layer: LayerCase, caches: CPUBackend.Caches) {
    let x = random(layer.input, "x"), filter = random(layer.filter, "filter")
    let one = CPUBackend(threads: 1, caches: caches), four = CPUBackend(threads: 4, caches: caches)
    let y = one.convolution(x, filter: filter, bias: nil, layer.spec)
    #expect(four.convolution(x, filter: filter, bias: nil, layer.spec) == y)
    let dy = random(y.shape, "dy")
    let a = one.convolutionGradients(x, filter: filter, dy, layer.spec)
    let b = four.convolutionGradients(x, filter: filter, dy, layer.spec)
    #expect(a.input == b.input && a.filter == b.filter)
  }

  @Test("one filter may meet pictures of its own size and larger ones")
  func windowsOfAllSizes() {
    let filter = random([3, 2, 2, 5], "filter"), spec = ConvolutionSpec(stride: 2)
    let reference = ReferenceBackend(), backend = CPUBackend(threads: 1)
    for size in [2, 4, 2] {
      let x = random([2, size, size, 3], "x")
      let y = reference.convolution(x, filter: filter, bias: nil, spec)
      let found = backend.convolution(x, filter: filter, bias: nil, spec)
      #expect(relativeError(found, y) < 1e-6, "forward, \(size)×\(size)")
      let dx = reference.convolutionInputGradient(
        y, filter: filter, bias: nil, spec, inputShape: x.shape)
      let back = backend.convolutionInputGradient(
        y, filter: filter, bias: nil, spec, inputShape: x.shape)
      #expect(relativeError(back, dx) < 1e-6, "input gradient, \(size)×\(size)")
    }
  }
}
