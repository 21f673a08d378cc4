import ConvolutionCore
import Foundation
import Tensors
import TestSupport
import Testing

/// Pointwise operations, reductions, channels and Adam against the reference backend, at sizes that
/// leave remainders for vectors and span several tasks.
@Suite("Memory-bound operations")
struct MemoryBoundOperationTests {
  private let fast = CPUBackend(threads: 2), single = CPUBackend(threads: 1)
  private let reference = ReferenceBackend()
  private let rounding = Tolerance.relative(1e-6, because: "a few float32 roundings")

  static let functions: [Pointwise] = [
    .relu, .leakyReLU(slope: 0.2), .step(slope: 0.2), .tanh, .sigmoid, .softplus, .absolute, .sign,
    .square, .squareRoot, .reciprocal,
  ]

  /// Equal to the reference, and the same bits for any number of threads.
  private func check(_ compute: (any Backend) -> Tensor) throws {
    let result = compute(fast)
    try requireClose(result, compute(reference), rounding)
    #expect(result == compute(single))
  }

  @Test("Functions and their gradients", arguments: functions)
  func map(function: Pointwise) throws {
    var x = Tensor.awayFromZero([40_003])
    if function == .squareRoot { x = reference.map(.absolute, x) }
    let dy = Tensor.normal(x.shape, seed: 2)
    let saved = function.derivativeUsesOutput ? reference.map(function, x) : x
    try check { $0.map(function, x) }
    try check { $0.mapGradient(function, saved: saved, dy) }
  }

  @Test("Functions stay finite where exponentials overflow")
  func extremes() {
    let x = Tensor([4], [-200, -30, 30, 200])
    #expect(fast.map(.softplus, x).values == reference.map(.softplus, x).values)
    #expect(fast.map(.sigmoid, x).values.allSatisfy { (0...1).contains($0) })
    #expect(fast.map(.tanh, x).values == [-1, -1, 1, 1])
  }

  static let parts: [Shape] = [
    [2, 90, 50, 5], [5], [1, 1, 1, 5], [2, 1, 1, 5], [2, 1, 1, 1], [], [2, 90, 50, 1],
  ]

  @Test("Combinations, sums and repetitions over every pattern", arguments: parts)
  func patterns(part: Shape) throws {
    let x = Tensor.normal([2, 90, 50, 5]), small = Tensor.normal(part, seed: 2)
    for combination in [Combination.add, .subtract, .multiply] {
      try check { $0.combine(combination, x, small) }
    }
    try check { $0.sum(x, to: part) }
    try check { $0.broadcast(small, to: x.shape) }
  }

  @Test("A sum keeps the small beside the large")
  func precision() {
    // In single precision, adding ones to 2²⁴ changes nothing.
    var x = Tensor(repeating: 1, [100_001])
    x[0] = 0x1p24
    #expect(fast.sum(x, to: []).scalar == 0x1p24 + 100_000)
  }

  @Test(
    "tanh within two units of the last place",
    arguments: CPUBackend.InstructionSet.allCases.filter(\.isAvailable))
  func tanhPrecision(instructionSet: CPUBackend.InstructionSet) {
    let fast = CPUBackend(threads: 2, instructionSet: instructionSet)
    let sizes = (0..<30_000).map { exp2f(Float($0) / 500 - 50) }
    let x = sizes + sizes.map { -$0 }
    let y = fast.map(.tanh, Tensor([x.count], x)).values
    for (x, y) in zip(x, y) {
      let exact = Foundation.tanh(Double(x))
      #expect(abs(Double(y) - exact) <= 2 * Double(Float(exact).ulp), "tanh \(x)")
    }
    let special = fast.map(.tanh, Tensor([5], [.nan, .infinity, -.infinity, 0, -0.0])).values
    #expect(special[0].isNaN && special[1...2].elementsEqual([1, -1]))
    #expect(special[3...4].map(\.sign) == [.plus, .minus])
  }

  @Test("Scaling, adding in place, channels")
  func others() throws {
    let x = Tensor.normal([2, 90, 50, 5]), y = Tensor.normal([2, 90, 50, 2], seed: 2)
    try check { $0.affine(x, scale: 1.5, shift: -0.25) }
    try check { $0.concatenateChannels([x, y, x]) }
    try check { $0.sliceChannels(x, 1..<4) }
    for (rows, columns) in [(0, 0), (3, -7), (-89, 49), (90, 0), (0, -50), (-200, 200)] {
      let offset = PixelOffset(rows: rows, columns: columns)
      try check { $0.shift(x, by: [offset, offset.opposite]) }
    }
    try check { backend in
      var sum = x
      backend.accumulate(&sum, adding: x)
      return sum
    }
  }

  @Test("Adam, three steps")
  func adam() throws {
    func run(_ backend: any Backend) -> [Tensor] {
      let shapes: [Shape] = [[40_003], [5], [20_000]]
      var tensors = shapes.map {
        (p: Tensor.normal($0), m: Tensor(zeros: $0), v: Tensor(zeros: $0))
      }
      for step in 1...3 {
        var terms = tensors.map {
          AdamTerm(
            parameter: $0.p, gradient: .normal($0.p.shape, seed: UInt64(step)),
            firstMoment: $0.m, secondMoment: $0.v)
        }
        backend.adam(
          &terms,
          AdamStep(learningRate: 0.1, beta1: 0.5, beta2: 0.999, epsilon: 1e-8, step: step))
        tensors = terms.map { ($0.parameter, $0.firstMoment!, $0.secondMoment) }
      }
      return tensors.flatMap { [$0.p, $0.m, $0.v] }
    }
    let expected = run(reference), actual = run(fast)
    for (actual, expected) in zip(actual, expected) { try requireClose(actual, expected, rounding) }
    #expect(actual == run(single))
  }

  @Test("Blending moves a share of the way")
  func blend() throws {
    func run(_ backend: any Backend, _ share: Float) -> Tensor {
      var x = Tensor.normal([40_003])
      backend.blend(&x, toward: .normal(x.shape, seed: 2), share: share)
      return x
    }
    for share: Float in [0, 0.001, 0.7, 1] {
      try requireClose(run(fast, share), run(reference, share), rounding)
      #expect(run(fast, share) == run(single, share))
    }
    #expect(run(reference, 0) == .normal([40_003]))
    #expect(run(reference, 1) == .normal([40_003], seed: 2))
  }
}
