import Glibc
import Synchronization

// The unsafe room of this target: where the memory of tensors comes from.

/// The memory of tensors: a region that grows when nothing free is large enough, and stays.
///
/// A training step takes and frees hundreds of blocks, gigabytes in all. Were they handed back to the
/// system, it would fill their pages with zeros each time, which takes longer than some layers. Here a
/// block is cut from the smallest free range that holds it, and merges with its free neighbours when it
/// comes back, so that sizes which change from step to step find room as well.
///
/// Like `malloc`, the pool is one per process; it holds memory, never values.
///
/// `@unchecked Sendable`: all its state is inside the mutex.
package final class MemoryPool: @unchecked Sendable {
  static let shared = MemoryPool()

  /// `@unchecked Sendable`: a block has one owner at a time.
  struct Block: @unchecked Sendable {
    fileprivate let address: UnsafeMutableRawPointer
    fileprivate let bytes: Int

    var floats: UnsafeMutablePointer<Float> {
      address.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
    }
  }

  /// The system's pages where it has large ones, as the region asks for: a Winograd transform writes to
  /// three dozen planes in turn, more than the processor finds at once among pages of 4 KiB.
  private static let page = 2 << 20
  /// What the region grows by at least.
  private static let growth = 8 * page
  /// A cache line.
  private static let alignment = 64
  /// Smaller blocks come from the heap.
  private static let leastBytes = 16 << 10

  private struct State {
    var free = FreeRanges()
    /// Where the region that was mapped last begins.
    var start = 0
    /// Bytes of all that was mapped.
    var mappedBytes = 0
  }

  private let state = Mutex(State())

  /// Memory whose contents are undefined, aligned to 64 bytes.
  func take(bytes: Int) -> Block {
    let size = Self.rounded(max(bytes, 1), to: Self.alignment)
    guard let fresh = size < Self.leastBytes ? Self.heap(size) : mapped(size) else {
      Self.shortage(.init(bytes: size, heldBytes: state.withLock(\.mappedBytes)))
    }
    return Block(address: fresh, bytes: size)
  }

  /// Lends memory whose contents are undefined: this thread's own, as long as that lasts.
  package static func lend<Result>(
    _ count: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Result
  ) rethrows -> Result {
    let bytes = rounded(count * MemoryLayout<Float>.stride, to: alignment)
    let own = OwnMemory.ofThisThread
    if let lent = own.take(bytes: bytes) {
      defer { own.give(bytes: bytes) }
      return try body(lent)
    }
    let block = shared.take(bytes: bytes)
    defer { shared.give(block) }
    return try body(block.floats)
  }

  /// Memory that there is not.
  package struct Shortage: Sendable {
    /// What was asked for.
    package let bytes: Int
    /// What the process has already.
    package let heldBytes: Int
  }

  /// What ends the process when memory runs out: nothing that computes could go on without it.
  ///
  /// Whoever owns the process may have it say so; otherwise it is a trap.
  package static let onShortage = Mutex<(@Sendable (Shortage) -> Never)?>(nil)

  private static func shortage(_ shortage: Shortage) -> Never {
    if let end = onShortage.withLock({ $0 }) { end(shortage) }
    fatalError("no memory: \(shortage)")
  }

  /// Bytes that tensors have given back, and that the next ones take first.
  package static var freeBytes: Int {
    shared.state.withLock { $0.free.ranges.reduce(0) { $0 + $1.count } }
  }

  func give(_ block: Block) {
    guard block.bytes >= Self.leastBytes else {
      free(block.address)
      return
    }
    let start = Int(bitPattern: block.address)
    state.withLock { $0.free.insert(start..<start + block.bytes) }
  }

  private static func rounded(_ bytes: Int, to unit: Int) -> Int {
    (bytes + unit - 1) / unit * unit
  }

  private static func heap(_ size: Int) -> UnsafeMutableRawPointer? {
    var fresh: UnsafeMutableRawPointer?
    return posix_memalign(&fresh, alignment, size) == 0 ? fresh : nil
  }

  private func mapped(_ size: Int) -> UnsafeMutableRawPointer? {
    state.withLock { state in
      if let known = state.free.take(size) { return UnsafeMutableRawPointer(bitPattern: known) }
      // What is free at the region's beginning is part of the new block, if the system lets it grow
      // there; if not, the block needs room of its own.
      let missing = size - state.free.count(from: state.start)
      for bytes in [missing, size] {
        guard let fresh = Self.map(max(bytes, Self.growth), before: state.start) else { return nil }
        state.start = fresh.lowerBound
        state.mappedBytes += fresh.count
        state.free.insert(fresh)
        if let new = state.free.take(size) { return UnsafeMutableRawPointer(bitPattern: new) }
      }
      return nil
    }
  }

  /// Whole pages of fresh memory, which end at an address if they can.
  private static func map(_ bytes: Int, before end: Int) -> Range<Int>? {
    let size = rounded(bytes, to: page)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    let wish = UnsafeMutableRawPointer(bitPattern: max(0, end - size))
    guard let room = mmap(wish, size, PROT_READ | PROT_WRITE, flags, -1, 0), room != MAP_FAILED
    else { return nil }
    var start = Int(bitPattern: room)
    if start % page != 0 {
      munmap(room, size)
      guard let room = mmap(nil, size + page, PROT_READ | PROT_WRITE, flags, -1, 0),
        room != MAP_FAILED
      else { return nil }
      start = Int(bitPattern: room)
      let skipped = -start & (page - 1)
      if skipped > 0 { munmap(room, skipped) }
      munmap(room + skipped + size, page - skipped)
      start += skipped
    }
    #if os(Linux)
      // A request only: without such pages all works as well, but for the speed.
      madvise(UnsafeMutableRawPointer(bitPattern: start), size, MADV_HUGEPAGE)
    #endif
    return start..<start + size
  }
}
