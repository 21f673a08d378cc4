import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// The unsafe room of this target: raw memory behind `Tensor`, and the pool it comes from.

/// A block of floats, 64-byte aligned, owned by the tensors that refer to it.
///
/// `@unchecked Sendable`: a block is written only while one `Tensor` alone refers to it
/// (`Tensor` checks that and copies otherwise), so whoever shares it only reads.
package final class TensorStorage: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Float>
  package let count: Int
  private let block: Block
  private let derivations = Mutex<[String: TensorStorage]>([:])

  /// Takes memory from the pool; the contents are undefined.
  package init(count: Int) {
    self.count = count
    block = BlockPool.shared.take(bytes: count * MemoryLayout<Float>.stride)
    pointer = block.address.bindMemory(to: Float.self, capacity: count)
  }

  deinit { BlockPool.shared.give(block) }

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

  /// Must be called before the contents change.
  func forgetDerivations() {
    derivations.withLock { if !$0.isEmpty { $0 = [:] } }
  }
}

private struct Block {
  let address: UnsafeMutableRawPointer
  let bytes: Int
}

/// Keeps freed blocks for the next tensor of about the same size.
///
/// A training step takes and frees the same sizes over and over. Handing each block back to the
/// system would have the kernel zero its pages every time, which costs more than some layers. So
/// the pool keeps what was ever in use at once, and an eighth more; beyond that, blocks of sizes
/// that are not asked for go back to the system, the largest first.
/// Like `malloc`, the pool is one per process; it holds memory, never values.
///
/// `@unchecked Sendable`: all its state is inside the mutex.
private final class BlockPool: @unchecked Sendable {
  static let shared = BlockPool()

  private struct State {
    var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var cachedBytes = 0
    var liveBytes = 0
    var mostLiveBytes = 0

    /// What may be held together: live and cached.
    var limit: Int { mostLiveBytes + mostLiveBytes / 8 + (16 << 20) }
  }

  private let state = Mutex(State())

  /// Blocks come in eight sizes per power of two, so at most an eighth of one is unused.
  private static func roundedSize(_ bytes: Int) -> Int {
    let least = max(bytes, 64)
    let step = max(64, (1 << (Int.bitWidth - 1 - least.leadingZeroBitCount)) / 8)
    return (least + step - 1) / step * step
  }

  func take(bytes: Int) -> Block {
    let size = Self.roundedSize(bytes)
    let address = state.withLock { state -> UncheckedAddress? in
      state.liveBytes += size
      state.mostLiveBytes = max(state.mostLiveBytes, state.liveBytes)
      if let address = state.free[size]?.popLast() {
        state.cachedBytes -= size
        return UncheckedAddress(address)
      }
      Self.trim(&state)
      return nil
    }
    if let address { return Block(address: address.pointer, bytes: size) }
    var fresh: UnsafeMutableRawPointer?
    let status = posix_memalign(&fresh, 64, size)
    guard status == 0, let fresh else {
      preconditionFailure("out of memory: no block of \(size >> 20) MiB for a tensor")
    }
    return Block(address: fresh, bytes: size)
  }

  func give(_ block: Block) {
    let address = UncheckedAddress(block.address)
    state.withLock { state in
      state.liveBytes -= block.bytes
      state.cachedBytes += block.bytes
      state.free[block.bytes, default: []].append(address.pointer)
    }
  }

  private static func trim(_ state: inout State) {
    while state.liveBytes + state.cachedBytes > state.limit, let size = state.free.keys.max() {
      guard let address = state.free[size]?.popLast() else {
        state.free[size] = nil
        continue
      }
      free(address)
      state.cachedBytes -= size
    }
  }
}

/// Carries an address across the mutex's boundary; the block behind it has one owner at a time.
private struct UncheckedAddress: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
}
