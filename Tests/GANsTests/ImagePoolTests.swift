import ConvolutionCore
import GANs
import Tensors
import Testing

@Suite("Image pool")
struct ImagePoolTests {
  private let backend = ReferenceBackend()

  /// One-pixel pictures with these values.
  private func pictures(_ values: Float...) -> Tensor { Tensor([values.count, 1, 1, 1], values) }

  @Test("It is filled first, then does as decided")
  func exchange() {
    var pool = ImagePool(size: 2)
    #expect(pool.exchange(pictures(1), [.swap(0)], on: backend) == pictures(1))
    #expect(pool.exchange(pictures(2, 3), [.swap(0), .swap(0)], on: backend) == pictures(2, 1))
    #expect(pool.images == [pictures(3), pictures(2)])
    #expect(pool.exchange(pictures(4), [.keep], on: backend) == pictures(4))
    #expect(pool.exchange(pictures(5), [.swap(1)], on: backend) == pictures(2))
    #expect(pool.images == [pictures(3), pictures(5)])
  }

  @Test("A pool of no pictures passes fakes through")
  func empty() {
    var pool = ImagePool(size: 0), random = SeededRandom(seed: 1)
    let decisions = ImagePool.decisions(2, size: 0, using: &random)
    #expect(pool.exchange(pictures(1, 2), decisions, on: backend) == pictures(1, 2))
  }

  @Test("Half of the decisions swap, all places alike")
  func decisions() {
    var random = SeededRandom(seed: 1)
    let decisions = ImagePool.decisions(10_000, size: 4, using: &random)
    // Five standard deviations: 5 · √(10,000 · ½ · ½) = 250, 5 · √(10,000 · ⅛ · ⅞) = 166.
    #expect(abs(decisions.filter { $0 == .keep }.count - 5000) < 250)
    for place in 0..<4 {
      #expect(abs(decisions.filter { $0 == .swap(place) }.count - 1250) < 166)
    }
  }
}
