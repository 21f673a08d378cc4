import ConvolutionCore
import Tensors
import TestSupport
import Testing

@testable import Autograd

@Suite("Tape")
struct TapeTests {
  private let tape = Tape(training: ReferenceBackend(), random: SeededRandom(seed: 0))

  @Test("Gradients of several uses add up")
  func uses() {
    let x = tape.variable(Tensor(3))
    let y = x * x + 2 * x - x
    #expect(tape.gradients(of: y, withRespectTo: [x])[0]?.value.scalar == 7)
  }

  @Test("An object's value is one variable however often it is asked for")
  func owners() {
    final class Owner {}
    let owner = Owner(), stranger = Owner()
    let y = tape.variable(of: owner, Tensor(3)) * tape.variable(of: owner, Tensor(3))
    let gradients = tape.gradients(of: y, withRespectTo: [owner, stranger])
    #expect(gradients[0]?.scalar == 6)
    #expect(gradients[1] == nil)
  }

  @Test("Constants and detached variables stop a gradient")
  func detached() {
    let x = tape.variable(Tensor(3)), unrelated = tape.variable(Tensor(1))
    let y = x.detached * x
    let gradients = tape.gradients(of: y, withRespectTo: [x, unrelated])
    #expect(gradients[0]?.value.scalar == 3)
    #expect(gradients[1] == nil)
  }

  @Test("Gradients reach variables in the middle, and pass them")
  func middle() {
    let x = tape.variable(Tensor(3))
    let middle = x * x
    let y = middle * middle
    let gradients = tape.gradients(of: y, withRespectTo: [middle, x])
    #expect(gradients.map { $0?.value.scalar } == [18, 108])
  }

  @Test("A recorded gradient has a gradient, and so on")
  func higher() {
    let x = tape.variable(Tensor(2))
    let y = x * x * x
    let first = tape.gradients(of: y, withRespectTo: [x], recording: true)[0]!
    let second = tape.gradients(of: first, withRespectTo: [x], recording: true)[0]!
    let third = tape.gradients(of: second, withRespectTo: [x])[0]!
    #expect([first, second, third].map(\.value.scalar) == [12, 12, 6])
  }

  @Test("Gradients that are not asked for are not computed")
  func unasked() {
    let counting = CountingBackend()
    let tape = Tape(training: counting, random: SeededRandom(seed: 0))
    let x = tape.variable(.normal([1, 4, 4, 1])), filter = tape.variable(.normal([1, 3, 3, 1]))
    let first = convolution(x, filter: filter, ConvolutionSpec())
    _ = tape.gradients(of: first.sum(), withRespectTo: [x])
    #expect(counting.calls == ["convolution", "input gradient"])

    let second = convolution(x, filter: filter, ConvolutionSpec())
    _ = tape.gradients(of: second.sum(), withRespectTo: [filter])
    #expect(counting.calls.dropFirst(2) == ["convolution", "filter gradient"])
  }

  @Test("A walk releases what it has used, unless it records")
  func releases() {
    for recording in [false, true] {
      let tape = Tape(training: ReferenceBackend(), random: SeededRandom(seed: 0))
      let x = tape.variable(Tensor(3))
      let y = x * x
      let gradient = tape.gradients(of: y, withRespectTo: [x], recording: recording)[0]
      #expect(gradient?.value.scalar == 6)
      #expect(y.node?.isReleased == !recording)
    }
  }

  @Test("A tape for inference records nothing and computes the same")
  func inference() {
    let tape = Tape(inference: ReferenceBackend())
    let x = tape.variable(Tensor(3))
    let y = x * x
    #expect(y.value.scalar == 9)
    #expect(tape.gradients(of: y, withRespectTo: [x])[0] == nil)
  }
}
