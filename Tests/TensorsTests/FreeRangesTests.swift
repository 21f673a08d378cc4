import Testing

@testable import Tensors

@Suite struct FreeRangesTests {
  @Test func smallestRangeThatFits() {
    var free = FreeRanges()
    for range in [0..<100, 200..<230, 300..<340] { free.insert(range) }
    #expect(free.take(30) == 200)
    #expect(free.take(30) == 310)
    #expect(free.ranges == [0..<100, 300..<310])
    #expect(free.take(101) == nil)
  }

  @Test func neighboursMerge() {
    var free = FreeRanges()
    for range in [40..<50, 0..<10, 20..<30, 10..<20, 30..<40] { free.insert(range) }
    #expect(free.ranges == [0..<50])
  }

  @Test func countsFromAnAddress() {
    var free = FreeRanges()
    free.insert(10..<30)
    #expect(free.count(from: 10) == 20)
    #expect(free.count(from: 11) == 0)
    #expect(free.count(from: 0) == 0)
  }

  /// Whatever is taken and given back: blocks never overlap, and in the end all is one range again.
  @Test func manyBlocksInAnyOrder() {
    var random = SeededRandom(seed: 5)
    var free = FreeRanges()
    free.insert(0..<1 << 20)
    var taken: [Range<Int>] = []
    for _ in 0..<20_000 {
      if taken.isEmpty || random.uniform() < 0.55 {
        let size = 1 + Int(random.uniform() * 5000)
        guard let start = free.take(size) else { continue }
        taken.append(start..<start + size)
      } else {
        free.insert(taken.remove(at: Int(random.uniform() * Float(taken.count)) % taken.count))
      }
    }
    let all = (taken + free.ranges).sorted { $0.lowerBound < $1.lowerBound }
    #expect(all.first?.lowerBound == 0 && all.last?.upperBound == 1 << 20)
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    taken.forEach { free.insert($0) }
    #expect(free.ranges == [0..<1 << 20])
  }
}
