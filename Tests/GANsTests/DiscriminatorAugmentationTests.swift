import Autograd
import ConvolutionCore
import Tensors
import TestSupport
import Testing

@testable import GANs

@Suite("What discriminators are shown")
struct DiscriminatorAugmentationTests {
  private func changed(_ x: Tensor, probability: Float = 1, seed: UInt64 = 1) -> Tensor {
    let tape = Tape(inference: ReferenceBackend())
    var random = SeededRandom(seed: seed)
    return DiffAugment(probability: probability)(tape.constant(x), using: &random).value
  }

  @Test("Gradients pass through all changes, also a second time")
  func gradient() throws {
    try FiniteDifferences().check([.normal([2, 8, 6, 3])]) {
      var random = SeededRandom(seed: 4)
      return DiffAugment()($0[0], using: &random)
    }
    try FiniteDifferences().check([.normal([1, 4, 4, 3])]) { inputs in
      var random = SeededRandom(seed: 4)
      let loss = DiffAugment()(inputs[0], using: &random).squared().sum()
      return inputs[0].tape.gradients(of: loss, withRespectTo: inputs, recording: true)[0]!
    }
  }

  @Test("A square of half the extent is cut out, pictures move by an eighth, colours stay in range")
  func sizes() {
    // White stays white but for brightness, which moves it by ½ at the most.
    let white = Tensor(repeating: 1, [200, 16, 16, 3])
    let seen = changed(white)
    var holes: [Int] = [], shades: Set<Float> = []
    for picture in 0..<200 {
      let values = seen.values[(picture * 768)..<(picture * 768 + 768)]
      holes.append(values.filter { $0 == 0 }.count / 3)
      shades.formUnion(values.filter { $0 != 0 })
    }
    // 8 × 8 pixels cut out, and up to 2 rows and 2 columns that nothing moved into.
    #expect(holes.max()! <= 64 + 2 * 16 + 2 * 14)
    #expect(holes.min()! >= 16 && holes.contains { $0 > 64 })
    #expect(shades.min()! >= 0.5 - 1e-5 && shades.max()! <= 1.5 + 1e-5)
    #expect(shades.max()! > 1.4 && shades.min()! < 0.6)
  }

  @Test("Each kind of change happens as often as asked for")
  func probability() {
    let x = Tensor.normal([300, 4, 4, 3])
    func untouched(_ seen: Tensor) -> Int {
      (0..<300).filter { picture in
        let part = (picture * 48)..<(picture * 48 + 48)
        // Colours that are left alone still pass through a difference and a sum.
        return zip(seen.values[part], x.values[part]).allSatisfy { abs($0 - $1) < 1e-5 }
      }.count
    }
    #expect(untouched(changed(x, probability: 0)) == 300)
    // Neither colours nor a hole, and no move, or by chance one of (0, 0), one in nine of four pixels:
    // 0.7² · (0.7 + 0.3 / 9) of 300 are 108; five standard deviations are 42.
    #expect(abs(untouched(changed(x, probability: 0.3)) - 108) < 42)
  }

  @Test("Sureness is the mean sign about what neither real nor fake pictures get")
  func sureness() {
    let judgements = Tensor([4], [0.9, 0.6, 0.5, 0.2])
    #expect(AdversarialLoss.lsgan.sureness(of: judgements) == 0.25)
    #expect(AdversarialLoss.vanilla.sureness(of: judgements) == 1)
  }

  @Test("The probability rises while a discriminator is too sure, falls while not, within 0…1")
  func adaptation() {
    var probability = AdaptiveProbability()
    for _ in 0..<3 { probability.note(sureness: 1, pictures: 2) }
    #expect(probability.value == 0)
    probability.note(sureness: -0.5, pictures: 2)
    #expect(probability.value == Float(8) / 4000)
    for _ in 0..<4 { probability.note(sureness: 0.59, pictures: 2) }
    #expect(probability.value == 0)
    for _ in 0..<4 { probability.note(sureness: 0.59, pictures: 2) }
    #expect(probability.value == 0)
    for _ in 0..<4000 { probability.note(sureness: 0.61, pictures: 2) }
    #expect(probability.value == 1)
  }
}
