import ImageDatasets
import Testing

@Suite("Unpaired sampling")
struct UnpairedSamplerTests {
  private func choices(_ sampler: UnpairedSampler, epoch: Int) -> [[Int]] {
    let epoch = sampler.epoch(epoch)
    return (0..<sampler.placesPerEpoch).map { [epoch[$0].a, epoch[$0].b] }
  }

  @Test("An epoch covers every A once where A is the larger domain")
  func coversA() {
    let sampler = UnpairedSampler(countA: 13, countB: 5, seed: 1)
    #expect(sampler.placesPerEpoch == 13)
    for epoch in 0..<3 {
      let choices = choices(sampler, epoch: epoch)
      #expect(Set(choices.map { $0[0] }) == Set(0..<13))
      #expect(choices.allSatisfy { (0..<5).contains($0[1]) })
      #expect(choices.map { $0[0] } != Array(0..<13), "shuffled")
    }
  }

  @Test("The smaller A starts again, every picture equally often to within one")
  func wraps() {
    let sampler = UnpairedSampler(countA: 4, countB: 10, seed: 1)
    let uses = Dictionary(grouping: choices(sampler, epoch: 0)) { $0[0] }.mapValues(\.count)
    #expect(uses == [0: 3, 1: 3, 2: 2, 3: 2])
  }

  @Test("The choice depends on seed and epoch, and on nothing else")
  func reproducible() {
    let sampler = UnpairedSampler(countA: 30, countB: 30, seed: 6)
    #expect(choices(sampler, epoch: 2) == choices(sampler, epoch: 2))
    #expect(choices(sampler, epoch: 2) != choices(sampler, epoch: 3))
    let other = UnpairedSampler(countA: 30, countB: 30, seed: 7)
    #expect(choices(sampler, epoch: 2) != choices(other, epoch: 2))
    let late = sampler.epoch(2)[17]
    #expect([late.a, late.b] == choices(sampler, epoch: 2)[17])
  }

  @Test("B is drawn evenly, independently of A")
  func drawsB() {
    let sampler = UnpairedSampler(countA: 400, countB: 4, seed: 3)
    let uses = Dictionary(grouping: choices(sampler, epoch: 0)) { $0[1] }.mapValues(\.count)
    // Five standard deviations of 100 of 400.
    #expect(uses.count == 4 && uses.values.allSatisfy { abs($0 - 100) < 44 }, "\(uses)")
  }
}
