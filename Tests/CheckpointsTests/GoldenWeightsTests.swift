import Tensors
import TestSupport
import Testing

@Suite("Seeded tensors")
struct GoldenWeightsTests {
  @Test("They are, bit for bit, those that the script computes")
  func knownAnswer() throws {
    let golden = try Goldens.load("networks")
    let expected = try golden.tensor("known answer", "values")
    let values = goldenTensor(name: "known answer", shape: [3, 5], seed: golden.seed)
    #expect(values == expected, "\(Goldens.remedy)")
  }

  @Test("They spread evenly over their range")
  func spread() {
    let values = goldenTensor(name: "spread", shape: [100_000], seed: 3, scale: 1).values
    let mean = values.reduce(0, +) / 100_000
    let square = values.reduce(0) { $0 + $1 * $1 } / 100_000
    #expect(values.allSatisfy { (-1..<1).contains($0) })
    #expect(abs(mean) < 0.01 && abs(square - 1 / 3) < 0.01)
  }
}
