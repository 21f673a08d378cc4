import CCUDA
import Synchronization

/// Memory of a GPU that was given back, by size, and how much is in use.
///
/// A training step asks for the same sizes as the one before it, so a piece of the same size is
/// nearly always there, and asking the driver is spared. One queue does all work in its order, so a
/// piece may have a new owner while its old one's work is still waiting.
final class DeviceMemory: Sendable {
  private struct State {
    var freed: [Int: [CUdeviceptr]] = [:]
    var used = 0
    var peak = 0

    mutating func count(_ bytes: Int) {
      used += DeviceMemory.rounded(bytes)
      peak = max(peak, used)
    }
  }

  private let keepsFreed: Bool
  private let state = Mutex(State())

  /// - Parameter keepsFreed: False to give everything back at once, for tests that watch it.
  init(keepsFreed: Bool) { self.keepsFreed = keepsFreed }

  /// What is taken for so many bytes.
  static func rounded(_ bytes: Int) -> Int { max(512, (bytes + 511) / 512 * 512) }

  /// A piece that was given back, if there is one of that size.
  func take(_ bytes: Int) -> CUdeviceptr? {
    state.withLock { state -> CUdeviceptr? in
      guard let piece = state.freed[Self.rounded(bytes)]?.popLast() else { return nil }
      state.count(bytes)
      return piece
    }
  }

  /// Counts a piece that came from the driver.
  func hasTaken(_ bytes: Int) { state.withLock { $0.count(bytes) } }

  /// Counts a piece as free, and keeps it if it is to be kept.
  func keep(_ piece: CUdeviceptr, bytes: Int) -> Bool {
    state.withLock { state in
      state.used -= Self.rounded(bytes)
      if keepsFreed { state.freed[Self.rounded(bytes), default: []].append(piece) }
      return keepsFreed
    }
  }

  /// All pieces that are kept; they are no longer.
  func takeFreed() -> [CUdeviceptr] {
    state.withLock { state in
      defer { state.freed = [:] }
      return state.freed.values.flatMap(\.self)
    }
  }

  /// The most bytes that were in use at once.
  var peakBytes: Int { state.withLock(\.peak) }

  /// Begins to measure the most anew.
  func forgetPeak() { state.withLock { $0.peak = $0.used } }
}
