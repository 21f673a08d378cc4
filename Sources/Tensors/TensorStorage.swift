import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// The unsafe room of this target: raw memory behind `Tensor`, and the pool it comes from.

/// A tensor's elements in the memory of another device.
package protocol DeviceElements: AnyObject, Sendable {
  /// Copies the elements to this machine's memory, as soon as they have been computed.
  func copy(to target: UnsafeMutablePointer<Float>, count: Int)
}

/// The elements behind a tensor, owned by the tensors that refer to it: a block of floats, 64-byte
/// aligned, in this machine's memory, or elements on a device, or both with equal contents.
///
/// Either is made from the other when it is first asked for, so networks and trainers need not know
/// where a tensor is.
///
/// `@unchecked Sendable`: elements are written only while one `Tensor` alone refers to them
/// (`Tensor` checks that and copies otherwise), so whoever shares them only reads.
package final class TensorStorage: @unchecked Sendable {
  package let count: Int
  /// Where the block is; nil while the elements are on a device only.
  private let address: Atomic<UnsafeMutablePointer<Float>?>
  private let places: Mutex<Places>
  private let derivations = Mutex<[String: TensorStorage]>([:])

  private struct Places {
    var block: Block?
    var device: (any DeviceElements)?
  }

  /// Takes memory from the pool; the contents are undefined.
  package init(count: Int) {
    self.count = count
    let block = Self.block(count)
    address = Atomic(block.floats)
    places = Mutex(Places(block: block))
  }

  /// Refers to elements on a device.
  package init(count: Int, on device: any DeviceElements) {
    self.count = count
    address = Atomic(nil)
    places = Mutex(Places(device: device))
  }

  deinit { places.withLock { $0.block.map(BlockPool.shared.give) } }

  private static func block(_ count: Int) -> Block {
    BlockPool.shared.take(bytes: count * MemoryLayout<Float>.stride)
  }

  /// The elements in this machine's memory, copied there first if they are on a device only.
  package var pointer: UnsafeMutablePointer<Float> {
    address.load(ordering: .acquiring) ?? copiedFromDevice()
  }

  private func copiedFromDevice() -> UnsafeMutablePointer<Float> {
    places.withLock { places in
      // Another thread may have been faster.
      if let block = places.block { return block.floats }
      let block = Self.block(count)
      places.device?.copy(to: block.floats, count: count)
      places.block = block
      address.store(block.floats, ordering: .releasing)
      return block.floats
    }
  }

  /// The elements on a device, copied there first unless they are there.
  ///
  /// - Parameters:
  ///   - isThere: Whether elements of this type are on the device that is meant.
  ///   - upload: Copies the elements there.
  func elements<Elements: DeviceElements>(
    where isThere: (Elements) -> Bool, upload: (UnsafePointer<Float>) -> Elements
  ) -> Elements {
    if let known = places.withLock({ $0.device as? Elements }), isThere(known) { return known }
    let uploaded = upload(pointer)
    places.withLock { $0.device = uploaded }
    return uploaded
  }

  /// What `make` computes of the contents, the first time that it is asked for.
  ///
  /// It is kept until the contents change: a filter, say, is used several times between two steps
  /// of its optimizer, and rearranged for the kernels once.
  package func derived(_ name: String, _ make: () -> TensorStorage) -> TensorStorage {
    derivations.withLock { derivations in
      if let known = derivations[name] { return known }
      let made = make()
      derivations[name] = made
      return made
    }
  }

  /// Must be called before the contents change in this machine's memory.
  func willChange() {
    _ = pointer
    places.withLock { $0.device = nil }
    forgetDerivations()
  }

  /// Must be called before the contents change on the device that has them.
  func willChangeOnDevice() {
    address.store(nil, ordering: .releasing)
    places.withLock { $0.block.take().map(BlockPool.shared.give) }
    forgetDerivations()
  }

  private func forgetDerivations() {
    derivations.withLock { if !$0.isEmpty { $0 = [:] } }
  }
}

/// `@unchecked Sendable`: a block has one owner at a time.
private struct Block: @unchecked Sendable {
  let address: UnsafeMutableRawPointer
  let bytes: Int

  var floats: UnsafeMutablePointer<Float> {
    address.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
  }
}

/// Keeps freed blocks for the next tensor of about the same size.
///
/// A training step takes and frees the same sizes over and over. Handing each block back to the
/// system would have the kernel zero its pages every time, which costs more than some layers. So
/// the pool keeps what was ever in use at once, and an eighth or 64 MiB more; beyond that, free
/// blocks go back to the system, the largest first.
/// Like `malloc`, the pool is one per process; it holds memory, never values.
///
/// `@unchecked Sendable`: all its state is inside the mutex.
private final class BlockPool: @unchecked Sendable {
  static let shared = BlockPool()

  private struct State {
    var cached: [Int: [Block]] = [:]
    var cachedBytes = 0
    var liveBytes = 0
    var mostLiveBytes = 0

    /// What may be held together: live and cached.
    var limit: Int { mostLiveBytes + max(mostLiveBytes / 8, 64 << 20) }

    /// A free block of this size, or of one at most half as large again.
    mutating func takeCached(_ size: Int) -> Block? {
      var candidate = size
      while candidate <= size + size / 2 {
        if let block = cached[candidate]?.popLast() {
          cachedBytes -= block.bytes
          return block
        }
        candidate += BlockPool.sizeStep(candidate)
      }
      return nil
    }

    /// Gives the largest free blocks back to the system until the limit is kept.
    mutating func trim() {
      while liveBytes + cachedBytes > limit, let size = cached.keys.max() {
        guard let block = cached[size]?.popLast() else {
          cached[size] = nil
          continue
        }
        BlockPool.release(block)
        cachedBytes -= size
      }
    }
  }

  private let state = Mutex(State())

  /// Blocks come in eight sizes per power of two, so at most an eighth of a new one is unused.
  private static func roundedSize(_ bytes: Int) -> Int {
    let least = max(bytes, 64)
    let step = sizeStep(least)
    return (least + step - 1) / step * step
  }

  /// From one size of blocks to the next.
  private static func sizeStep(_ size: Int) -> Int {
    max(64, (1 << (Int.bitWidth - 1 - size.leadingZeroBitCount)) / 8)
  }

  func take(bytes: Int) -> Block {
    let size = Self.roundedSize(bytes)
    let known = state.withLock { state in
      let known = state.takeCached(size)
      state.liveBytes += known?.bytes ?? size
      state.mostLiveBytes = max(state.mostLiveBytes, state.liveBytes)
      if known == nil { state.trim() }
      return known
    }
    if let known { return known }
    return Block(address: Self.allocate(size), bytes: size)
  }

  private static let hugePage = 2 << 20

  /// Whether a block is mapped by itself.
  ///
  /// From the heap, blocks of changing sizes would leave gaps that nothing fits into.
  private static func isMapped(_ size: Int) -> Bool { size >= 2 * hugePage }

  private static func allocate(_ size: Int) -> UnsafeMutableRawPointer {
    var fresh: UnsafeMutableRawPointer?
    if isMapped(size) {
      fresh = map(size)
    } else if posix_memalign(&fresh, 64, size) != 0 {
      fresh = nil
    }
    guard let fresh else {
      preconditionFailure("out of memory: no block of \(size >> 20) MiB for a tensor")
    }
    return fresh
  }

  fileprivate static func release(_ block: Block) {
    if isMapped(block.bytes) { munmap(block.address, block.bytes) } else { free(block.address) }
  }

  /// Memory that begins on a page of 2 MiB, of which it consists where the system has them.
  ///
  /// A Winograd transform writes to three dozen planes in turn, more than the processor finds at
  /// once among pages of 4 KiB.
  private static func map(_ size: Int) -> UnsafeMutableRawPointer? {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    let room = mmap(nil, size + hugePage, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let room, room != MAP_FAILED else { return nil }
    let skipped = -Int(bitPattern: room) & (hugePage - 1)
    let start = room + skipped
    if skipped > 0 { munmap(room, skipped) }
    munmap(start + size, hugePage - skipped)
    #if os(Linux)
      // A request only: without such pages all works as well, but for the speed.
      madvise(start, size, MADV_HUGEPAGE)
    #endif
    return start
  }

  func give(_ block: Block) {
    state.withLock { state in
      state.liveBytes -= block.bytes
      state.cachedBytes += block.bytes
      state.cached[block.bytes, default: []].append(block)
    }
  }
}
