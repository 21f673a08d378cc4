import CCUDA
import ConvolutionCore
import Foundation
import Tensors
import TestSupport
import Testing

@testable import CUDABackend

@Suite("The memory of graphs is planned")
struct MemoryPlanTests {
  private static func plan(_ pieces: [(bytes: Int, end: Int?)]) -> MemoryPlan {
    MemoryPlan(pieces.map { .init(bytes: $0.bytes, end: $0.end) })
  }

  @Test("Pieces take each other's place when they may, and results none")
  func places() {
    // The fifth lies beside the sixth, where the first or the second was; results lie by themselves.
    let plan = Self.plan([
      (512, 2), (1024, 3), (512, nil), (1536, nil), (512, 6), (1024, 6),
    ])
    #expect(plan.resultBytes == 2048 && plan.offsets[2] == 0 && plan.offsets[3] == 512)
    #expect(plan.scratchBytes == 1536)
    #expect(plan.offsets[0] != plan.offsets[1] && plan.offsets[4] != plan.offsets[5])
    let chain = Self.plan((0..<100).map { (512, $0 + 2) })
    #expect(chain.scratchBytes == 1024)
    #expect(Self.plan([]).scratchBytes == 0)
  }

  @Test(
    "No two pieces that are in use at once share a byte, and little is wasted", arguments: 0..<20)
  func random(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let count = 300
    let pieces: [(bytes: Int, end: Int?)] = (0..<count).map { start in
      let life = 1 + Int(random.next() % 40)
      let isResult = random.next() % 20 == 0
      return (512 * (1 + Int(random.next() % 64)), isResult ? nil : min(count, start + life))
    }
    let plan = Self.plan(pieces)
    for (index, piece) in pieces.enumerated() {
      for other in 0..<index {
        guard let end = pieces[other].end else { continue }
        let isApart =
          piece.end == nil || end <= index
          || plan.offsets[other] + pieces[other].bytes <= plan.offsets[index]
          || plan.offsets[index] + piece.bytes <= plan.offsets[other]
        #expect(isApart, "\(other) and \(index)")
      }
    }
    let most = (0..<count).map { time in
      (0...time).reduce(0) { sum, index in
        guard let end = pieces[index].end, end > time else { return sum }
        return sum + pieces[index].bytes
      }
    }.max()!
    #expect(plan.scratchBytes >= most && Double(plan.scratchBytes) < 1.3 * Double(most))
  }

  @Test("What comes and goes as planned has its place; what does not is noticed")
  func replay() throws {
    try withTemporaryFolder { folder in
      let device = try GraphDevice(in: folder, graphs: true, reusesMemory: true).backend.device
      let rehearsed = RehearsedMemory(device.memory)
      let first = try #require(rehearsed.take(1000)), second = try #require(rehearsed.take(2000))
      rehearsed.give(first, bytes: 1000)
      rehearsed.give(second, bytes: 2000)
      let result = try #require(rehearsed.take(500))
      let plan = rehearsed.plan
      rehearsed.give(result, bytes: 500)
      #expect(plan.scratchBytes == 1024 + 2048 && plan.resultBytes == 512)

      func planned() throws -> (PlannedMemory, CUdeviceptr, CUdeviceptr) {
        let memory = try #require(PlannedMemory(plan, lane: 0, on: device))
        let first = try #require(memory.take(1000)), second = try #require(memory.take(2000))
        return (memory, first, second)
      }
      // In another order, which makes no difference.
      let (good, a, b) = try planned()
      #expect(good.expects(500) == false)
      good.give(b, bytes: 2000)
      good.give(a, bytes: 1000)
      #expect(good.expects(500) && !good.expects(1000))
      let kept = try #require(good.take(500))
      let blocks = try #require(good.finish())
      #expect(blocks.map(\.bytes) == [1024 + 2048, 512])
      // Others share the scratch memory, but not the results.
      let (late, c, d) = try planned()
      #expect(a == c && b == d)
      late.give(c, bytes: 1000)
      #expect(!late.expects(500))
      #expect(late.take(500) != kept && late.finish() == nil)
      let (other, _, _) = try planned()
      #expect(other.take(4000) != nil && !other.expects(500) && other.finish() == nil)
      let (early, _, _) = try planned()
      #expect(early.finish() == nil)
    }
  }
}
