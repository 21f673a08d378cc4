import Autograd
import ConvolutionCore
import Tensors
import TestSupport
import Testing

/// Every operation's gradient against finite differences, and the gradient of its gradient.
@Suite("Pullbacks")
struct PullbackTests {
  let differences = FiniteDifferences()

  static let functions: [Pointwise] = [
    .relu, .leakyReLU(slope: 0.2), .tanh, .sigmoid, .softplus, .absolute, .square,
  ]

  @Test("A function's gradient is its derivative", arguments: functions)
  func map(function: Pointwise) throws {
    try differences.check([.awayFromZero([3, 5])]) { $0[0].map(function) }
  }

  @Test("Root and reciprocal have their derivatives where they are defined")
  func positive() throws {
    let x = Tensor([6], [0.5, 0.7, 1, 1.5, 2, 3])
    try differences.check([x]) { $0[0].squareRoot() }
    try differences.check([x]) { $0[0].map(.reciprocal) }
  }

  @Test("A step has no gradient")
  func step() {
    let tape = Tape(training: ReferenceBackend(), random: SeededRandom(seed: 0))
    let x = tape.variable(.awayFromZero([4]))
    #expect(tape.gradients(of: x.map(.step(slope: 0.2)).sum(), withRespectTo: [x])[0] == nil)
  }

  @Test(
    "Sums, differences and products of equal and of repeated shapes",
    arguments: [[2, 3, 2, 4], [4], [1, 1, 1, 4], [2, 1, 1, 4], [2, 1, 1, 1], []] as [Shape])
  func combine(small: Shape) throws {
    let inputs: [Tensor] = [.normal([2, 3, 2, 4]), .normal(small, seed: 2)]
    try differences.check(inputs) { $0[0] + $0[1] }
    try differences.check(inputs) { $0[0] - $0[1] }
    try differences.check(inputs) { $0[0] * $0[1] }
  }

  @Test("Numbers scale and shift")
  func affine() throws {
    try differences.check([.normal([5])]) { 3 - (2 * $0[0] + 1) - 4 }
    try differences.check([.normal([5])]) { -$0[0] }
  }

  @Test(
    "Sums and means over pixels, pictures and everything",
    arguments: [[], [3], [2, 1, 1, 3], [2, 1, 1, 1]] as [Shape])
  func sums(part: Shape) throws {
    try differences.check([.normal([2, 2, 2, 3])]) { $0[0].sum(to: part) }
    try differences.check([.normal([2, 2, 2, 3])]) { $0[0].mean(to: part) }
    try differences.check([.normal(part)]) { $0[0].broadcast(to: [2, 2, 2, 3]) }
  }

  @Test("Channels are joined and taken apart")
  func channels() throws {
    let inputs: [Tensor] = [.normal([2, 2, 1, 3]), .normal([2, 2, 1, 2], seed: 2)]
    try differences.check(inputs) { concatenateChannels([$0[0], $0[1]]) }
    for range in [0..<2, 1..<3, 0..<3] {
      try differences.check([inputs[0]]) { $0[0].channels(range) }
    }
  }

  @Test("Pictures are put into one batch and taken out of it")
  func pictures() throws {
    let inputs: [Tensor] = [.normal([2, 2, 1, 3]), .normal([1, 2, 1, 3], seed: 2)]
    try differences.check(inputs) { concatenatePictures([$0[0], $0[1]]) }
    try differences.check([inputs[0]]) { $0[0].pictures(1..<2) }
    let tape = Tape(inference: ReferenceBackend())
    let parts = inputs.map { tape.constant($0) }
    let all = concatenatePictures(parts)
    #expect(all.shape == [3, 2, 1, 3])
    #expect(all.value.values == inputs[0].values + inputs[1].values)
    #expect(all.pictures(0..<2).value == inputs[0] && all.pictures(2..<3).value == inputs[1])
  }

  @Test("Pixels are repeated in squares")
  func upsampled() throws {
    try differences.check([.normal([2, 2, 3, 2])]) { $0[0].upsampled(by: 2) }
    let tape = Tape(inference: ReferenceBackend())
    let doubled = tape.constant(Tensor([1, 1, 2, 1], [1, 2])).upsampled(by: 2)
    #expect(doubled.value == Tensor([1, 2, 4, 1], [1, 1, 2, 2, 1, 1, 2, 2]))
  }

  @Test("Pictures are moved, each by its own way, and their gradients moved back")
  func shifted() throws {
    let offsets = [PixelOffset(rows: 1, columns: -1), PixelOffset(rows: -2, columns: 0)]
    try differences.check([.normal([2, 3, 2, 2])]) { $0[0].shifted(by: offsets) }
    let tape = Tape(inference: ReferenceBackend())
    let moved = tape.constant(Tensor([1, 2, 2, 1], [1, 2, 3, 4])).shifted(by: [offsets[0]])
    #expect(moved.value == Tensor([1, 2, 2, 1], [0, 0, 2, 0]))
  }

  @Test("Dropout scales what it keeps and drops about its share")
  func dropout() throws {
    try differences.check([.normal([10])]) {
      var random = SeededRandom(seed: 3)
      return $0[0].dropped(probability: 0.5, using: &random)
    }
    let tape = Tape(inference: ReferenceBackend())
    var random = SeededRandom(seed: 3)
    let y = tape.constant(Tensor(repeating: 1, [10_000])).dropped(probability: 0.2, using: &random)
    #expect(Set(y.value.values) == [0, 1.25])
    // Five standard deviations of a binomial distribution: 5 · √(10,000 · 0.2 · 0.8) = 200.
    #expect(abs(y.value.values.filter { $0 == 0 }.count - 2000) < 200)
  }
}
