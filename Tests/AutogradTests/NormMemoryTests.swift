import Autograd
import ConvolutionCore
import Tensors
import TestSupport
import Testing

@Suite("A memory of norms")
struct NormMemoryTests {
  private func normalized(_ x: Tensor, _ memory: NormMemory?) -> [Float] {
    let tape = Tape(inference: CPUBackend(threads: 1), remembering: memory)
    return instanceNorm(
      tape.constant(x), activation: .leakyReLU(slope: 0.2), residual: tape.constant(x)
    ).output.value.values
  }

  private func frame(_ seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed, purpose: "frames")
    let shift = random.uniform(in: -2...2)
    return Tensor([1, 5, 4, 3], (0..<60).map { _ in shift + random.uniform(in: -1...1) })
  }

  @Test("changes nothing in a still scene", arguments: [0, 0.5, 0.9, 1])
  func stillScene(share: Double) {
    let memory = NormMemory(share: share)
    let alone = normalized(frame(1), nil)
    for _ in 0..<3 {
      memory.beginFrame()
      #expect(normalized(frame(1), memory) == alone)
      #expect(normalized(frame(2), memory) == normalized(frame(2), nil))
    }
  }

  @Test("normalizes by the moments of both frames' pixels, weighted")
  func weights() {
    let memory = NormMemory(share: 0.75)
    for (number, seed) in [UInt64(3), 4].enumerated() {
      memory.beginFrame()
      let y = normalized(frame(seed), memory)
      if number == 0 { continue }
      // Three copies of the first frame's pixels and one of the second's.
      let (first, second) = (frame(3).values, frame(4).values)
      for index in 0..<60 {
        let pixels = stride(from: index % 3, to: 60, by: 3).flatMap {
          [first[$0], first[$0], first[$0], second[$0]]
        }.map(Double.init)
        let mean = pixels.reduce(0, +) / Double(pixels.count)
        let variance =
          pixels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pixels.count)
        let z = (Double(second[index]) - mean) / (variance + 1e-5).squareRoot()
        let expected = (z > 0 ? z : 0.2 * z) + Double(second[index])
        #expect(abs(Double(y[index]) - expected) < 1e-5)
      }
    }
  }

  @Test("forgets at a cut, and keeps the first frame for good if told to")
  func cuts() {
    let memory = NormMemory(share: 1)
    let first = normalized(frame(5), memory)
    memory.beginFrame()
    let held = normalized(frame(6), memory)
    #expect(held != normalized(frame(6), nil))
    memory.beginFrame()
    #expect(normalized(frame(5), memory) == first)
    memory.forget()
    memory.beginFrame()
    #expect(normalized(frame(6), memory) == normalized(frame(6), nil))
  }
}
