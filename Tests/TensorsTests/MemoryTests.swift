import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite("The memory of tensors")
struct MemoryTests {
  @Test("lends pieces that do not overlap, however deep, and takes them back where bodies throw")
  func lending() throws {
    struct Stop: Error {}
    // More than a thread's own memory holds: the last ones come from the pool of all.
    func lend(_ depth: Int) throws -> Int {
      try MemoryPool.lend(200_000) { memory in
        for index in 0..<200_000 { memory[index] = Float(depth) }
        let deeper = depth < 5 ? try lend(depth + 1) : 0
        if depth == 5 {
          #expect(throws: Stop.self) { try MemoryPool.lend(8) { _ in throw Stop() } }
        }
        return deeper + (0..<200_000).count { memory[$0] == Float(depth) }
      }
    }
    for _ in 0..<3 { #expect(try lend(1) == 5 * 200_000) }
  }

  @Test("is aligned to cache lines and comes back to whoever asks next")
  func reuse() {
    let pool = MemoryPool()
    let first = pool.take(bytes: 40_000_000), second = pool.take(bytes: 100_000)
    let address = UInt(bitPattern: first.floats)
    #expect(address % 64 == 0 && UInt(bitPattern: second.floats) % 64 == 0)
    pool.give(first)
    #expect(UInt(bitPattern: pool.take(bytes: 40_000_000).floats) == address)
  }
}

@Suite("A hash that lasts")
struct StableHashTests {
  /// Seeds, and names on the disk, depend on these.
  @Test(
    "is FNV-1a",
    arguments: [
      ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
    ]
      as [(String, UInt64)])
  func known(text: String, value: UInt64) {
    var hash = StableHash()
    hash.add(text)
    #expect(hash.value == value)
  }
}
