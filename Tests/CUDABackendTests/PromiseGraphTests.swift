import ConvolutionCore
import Tensors
import TestSupport
import Testing

@testable import CUDABackend

/// What a work promises is made in its graph and by the branch that promised it.
@Suite("What is computed when it is read, within graphs")
struct PromiseGraphTests {
  private static let shape: Shape = [1, 6, 5, 16]
  private static let spec = ConvolutionSpec(padding: .reflect(1))

  private static func random(_ shape: Shape, _ index: Int) -> Tensor {
    var random = SeededRandom(seed: 7, index: index)
    return Tensor(shape) { random.normal() }
  }

  private static func norm(_ x: Tensor, on backend: any Backend) -> (
    output: Tensor, statistics: NormStatistics
  ) {
    backend.normalize(
      x, epsilon: 1e-5, scale: nil, shift: nil, activation: .relu, residual: nil)
  }

  /// Norms and a gradient that nobody has read in the form in which they are handed out.
  private static func promised(_ x: Tensor, _ filter: Tensor, on backend: any Backend) -> [Tensor] {
    let bordered = norm(x, on: backend).output
    let read = backend.convolution(bordered, filter: filter, bias: nil, spec)
    let gradient = backend.convolutionInputGradient(
      read, filter: filter, bias: nil, spec, inputShape: shape)
    return [norm(x, on: backend).output, bordered, gradient, norm(x, on: backend).statistics.mean]
  }

  /// What two works side by side promise is read after them, changed, and handed out.
  private static func both(_ x: Tensor, _ filter: Tensor, on backend: any Backend) -> [Tensor?] {
    var (first, second) = backend.both(
      sideBySide: true, { promised(x, filter, on: $0) },
      { promised($0.affine(x, scale: 3, shift: 1), filter, on: $0) })
    let sums = zip(first, second).map { backend.combine(.add, $0, $1) }
    let pulled = backend.convolution(second[0], filter: filter, bias: nil, spec)
    backend.accumulate(&second[1], adding: first[2])
    backend.accumulate(&first[1], adding: second[2])
    return sums + first + second + [pulled, norm(sums[0], on: backend).output]
  }

  @Test(
    "What a branch promises can be read after it, in any order of the branches",
    arguments: CUDAPrecision.allCases)
  func branches(precision: CUDAPrecision) throws {
    try withTemporaryFolder { folder in
      let filter = Self.random([16, 3, 3, 16], 0)
      let eager = try GraphDevice(in: folder, graphs: false, precision: precision).backend
      for reusesMemory in [false, true] {
        let device = try GraphDevice(
          in: folder, graphs: true, precision: precision, reusesMemory: reusesMemory)
        let work = RepeatableWork("Promising")
        for number in 1...7 {
          let x = Self.random(Self.shape, number)
          let expected = Self.both(x, filter, on: eager)
          let made = device.backend.repeated(work, inputs: [x], reading: [filter]) {
            Self.both($1[0], filter, on: $0)
          }
          #expect(made.map { $0?.values } == expected.map { $0?.values })
        }
        #expect(device.notes.all.isEmpty && device.backend.graphLaunches == 6)
      }
    }
  }

  @Test("Inputs and weights may be promises")
  func operands() throws {
    try withTemporaryFolder { folder in
      let device = try GraphDevice(in: folder, graphs: true), gpu = device.backend
      let work = RepeatableWork("Adding"), weight = Self.norm(Self.random(Self.shape, 0), on: gpu)
      for number in 1...4 {
        let x = Self.norm(Self.random(Self.shape, number), on: gpu).output
        let made = gpu.repeated(work, inputs: [x], reading: [weight.output]) { backend, inputs in
          [backend.combine(.add, inputs[0], weight.output)]
        }
        #expect(made[0]?.values == zip(x.values, weight.output.values).map { $0 + $1 })
      }
      #expect(device.notes.all.isEmpty && gpu.graphLaunches == 3)
    }
  }

  /// What must not be done with a stranger while a work is captured.
  ///
  /// It would have the driver do something at once. With what the work made it may be done.
  private static let misdeeds: [@Sendable (any Backend, Tensor, _ isStranger: Bool) -> Void] = [
    { backend, operand, _ in _ = backend.affine(operand, scale: 1, shift: 1) },
    { backend, operand, _ in
      _ = backend.convolution(operand, filter: random([16, 3, 3, 16], 0), bias: nil, spec)
    },
    { _, operand, isStranger in if isStranger { _ = operand.values } },
  ]

  @Test(
    "A promise from outside of a work is not kept within it", arguments: misdeeds.indices, 1...2)
  func strangers(misdeed: Int, run: Int) throws {
    try withTemporaryFolder { folder in
      let device = try GraphDevice(in: folder, graphs: true, precision: .bfloat16)
      let gpu = device.backend, work = RepeatableWork("Doubling")
      let stranger = Self.norm(
        gpu.convolution(
          Self.random(Self.shape, 0), filter: Self.random([16, 3, 3, 16], 0), bias: nil, Self.spec),
        on: gpu
      ).output
      var runs = 0
      for number in 1...5 {
        let x = Tensor(repeating: Float(number), Self.shape)
        let made = gpu.repeated(work, inputs: [x], reading: []) { backend, inputs in
          runs += 1
          let doubled = backend.affine(inputs[0], scale: 2, shift: 0)
          // A sum with pictures of 16 bits has as many.
          let short = backend.convolution(
            doubled, filter: Tensor(zeros: [16, 3, 3, 16]), bias: nil, Self.spec)
          Self.misdeeds[misdeed](backend, runs == run ? stranger : short, runs == run)
          return [backend.combine(.add, doubled, doubled)]
        }
        #expect(made[0] == Tensor(repeating: 4 * Float(number), Self.shape))
      }
      // Found out in rehearsal, it is done kernel by kernel for good; in a capture, that is tried again.
      #expect(device.notes.all.count == (run == 1 ? 1 : 0))
      #expect(gpu.graphLaunches == (run == 1 ? 0 : 3))
    }
  }
}
