import CCUDA
import Synchronization

/// Where tensors take their memory of.
protocol MemorySource: AnyObject, Sendable {
  /// Takes a piece; nil if there is not enough.
  func take(_ bytes: Int) -> CUdeviceptr?

  /// Gives a piece back.
  func give(_ piece: CUdeviceptr, bytes: Int)
}

/// Memory of a GPU that was given back, by size, and how much is in use.
///
/// A training step asks for the same sizes as the one before it, so a piece of the same size is
/// nearly always there, and asking the driver is spared. One stream does all work in its order, so a
/// piece may have a new owner while its old one's work is still waiting.
final class DeviceMemory: MemorySource {
  private let driver: DriverContext
  private let keepsFreed: Bool
  private let freed = Mutex<[Int: [CUdeviceptr]]>([:])
  private let use = Mutex(Use())

  private struct Use {
    var bytes = 0
    var peak = 0
  }

  /// - Parameter keepsFreed: False to give everything back at once, for tests that watch it.
  init(_ driver: DriverContext, keepsFreed: Bool) {
    self.driver = driver
    self.keepsFreed = keepsFreed
  }

  /// What is taken for so many bytes.
  static func rounded(_ bytes: Int) -> Int { max(512, (bytes + 511) / 512 * 512) }

  /// Takes a piece, of what was given back or of the driver's; nil if there is not enough.
  func take(_ bytes: Int) -> CUdeviceptr? {
    let kept = freed.withLock { $0[Self.rounded(bytes)]?.popLast() }
    guard let piece = kept ?? driver.takeMemory(Self.rounded(bytes)) else { return nil }
    use.withLock { use in
      use.bytes += Self.rounded(bytes)
      use.peak = max(use.peak, use.bytes)
    }
    return piece
  }

  /// Gives a piece back.
  func give(_ piece: CUdeviceptr, bytes: Int) {
    let size = Self.rounded(bytes)
    use.withLock { $0.bytes -= size }
    if keepsFreed {
      freed.withLock { $0[size, default: []].append(piece) }
    } else {
      driver.giveMemory(piece)
    }
  }

  /// Gives back to the driver what is kept.
  func giveFreedBack() {
    let pieces = freed.withLock { freed in
      defer { freed = [:] }
      return freed.values.flatMap(\.self)
    }
    for piece in pieces { driver.giveMemory(piece) }
  }

  /// The most bytes that were in use at once.
  var peakBytes: Int { use.withLock(\.peak) }

  /// Begins to measure the most anew.
  func forgetPeak() { use.withLock { $0.peak = $0.bytes } }
}
