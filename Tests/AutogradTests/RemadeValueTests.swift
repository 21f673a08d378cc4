import Autograd
import ConvolutionCore
import Tensors
import TestSupport
import Testing

@Suite("Values made again")
struct RemadeValueTests {
  /// Two convolutions with a norm between them, and one that raises the resolution again.
  private func gradients(on backend: any Backend, remadeFrom size: Int) -> [Tensor?] {
    let tape = Tape(training: backend, random: SeededRandom(seed: 0))
    tape.remadeFrom = size
    let x = tape.variable(.normal([2, 8, 8, 3]))
    let filters = [
      tape.variable(.normal([3, 3, 3, 4])), tape.variable(.normal([4, 3, 3, 4])),
      tape.variable(.normal([2, 3, 3, 4])),
    ]
    let spec = ConvolutionSpec(padding: .reflect(1))
    var y = convolution(x, filter: filters[0], spec)
    y = instanceNorm(y, activation: .relu).output
    y = convolution(y, filter: filters[1], spec)
    y = instanceNorm(y, activation: .relu).output
    y = convolutionInputGradient(
      y, filter: filters[2], ConvolutionSpec(stride: 2, padding: .zero(1)),
      inputShape: [2, 15, 15, 2])
    return tape.gradients(of: y.squared().sum(to: []), withRespectTo: [x] + filters)
      .map { $0?.value }
  }

  @Test("Gradients have the same bits whether values are kept or made again")
  func bits() {
    let backend = CPUBackend(threads: 2)
    let kept = gradients(on: backend, remadeFrom: .max)
    #expect(kept.count == 4 && !kept.contains(nil))
    #expect(gradients(on: backend, remadeFrom: 0) == kept)
  }

  @Test("Only large values are made again")
  func size() {
    for (size, count) in [(0, 2), (2 * 8 * 8 * 4, 2), (2 * 8 * 8 * 4 + 1, 0)] {
      let backend = CountingBackend()
      _ = gradients(on: backend, remadeFrom: size)
      #expect(backend.calls.filter { $0 == "normalize again" }.count == count)
    }
  }
}
