import Tensors
import Testing

@Suite("Tensors")
struct TensorTests {
  @Test("A copy keeps its elements when the other one is written")
  func copiesAreValues() {
    let original = Tensor([2, 2], [1, 2, 3, 4])
    var copy = original
    copy[3] = 9
    #expect(original.values == [1, 2, 3, 4])
    #expect(copy.values == [1, 2, 3, 9])
  }

  @Test("Another shape reads the same elements, and writing one leaves the other")
  func reshapedSharesUntilWritten() {
    let row = Tensor([4], [1, 2, 3, 4])
    var square = row.reshaped([2, 2])
    #expect(square.shape == [2, 2] && square.values == row.values)
    square[0] = 7
    #expect(row[0] == 1)
  }

  @Test("Recycled memory holds what the new tensor was given")
  func recyclingLeaksNothing() {
    for round in 0..<50 {
      let value = Float(round)
      #expect(Tensor(repeating: value, [1000]).values.allSatisfy { $0 == value })
    }
  }
}

@Suite("Seeded random numbers")
struct SeededRandomTests {
  private func numbers(_ random: SeededRandom) -> [UInt64] {
    var random = random
    return (0..<8).map { _ in random.next() }
  }

  @Test("The same key gives the same numbers; another seed, epoch, index or purpose, others")
  func dependOnTheKeyAlone() {
    let base = numbers(SeededRandom(seed: 1, epoch: 2, index: 3, purpose: "crop"))
    #expect(numbers(SeededRandom(seed: 1, epoch: 2, index: 3, purpose: "crop")) == base)
    let others = [
      SeededRandom(seed: 2, epoch: 2, index: 3, purpose: "crop"),
      SeededRandom(seed: 1, epoch: 3, index: 3, purpose: "crop"),
      SeededRandom(seed: 1, epoch: 2, index: 4, purpose: "crop"),
      SeededRandom(seed: 1, epoch: 3, index: 2, purpose: "crop"),
      SeededRandom(seed: 1, epoch: 2, index: 3, purpose: "flip"),
    ]
    for other in others { #expect(Set(numbers(other)).isDisjoint(with: base)) }
  }

  @Test("Uniform and normal samples have the moments of their distributions")
  func moments() {
    var random = SeededRandom(seed: 5)
    let count = 100_000
    let uniform = (0..<count).map { _ in Double(random.uniform()) }
    let normal = (0..<count).map { _ in Double(random.normal()) }
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    // Five standard errors of the mean: 0.29/√n, 1/√n; of the variance of a normal: √(2/n).
    #expect(abs(uniform.reduce(0, +) / Double(count) - 0.5) < 0.005)
    #expect(abs(normal.reduce(0, +) / Double(count)) < 0.016)
    #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / Double(count) - 1) < 0.023)
  }
}
