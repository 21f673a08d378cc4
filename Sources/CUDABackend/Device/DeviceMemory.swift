import CCUDA
import Synchronization

/// Memory of a GPU that was given back, by size, and how much is in use.
///
/// A training step asks for the same sizes as the one before it, so a piece of the same size is
/// nearly always there, and asking the driver is spared. One stream does all work in its order, so a
/// piece may have a new owner while its old one's work is still waiting.
///
/// A reserve is memory that only one work has for itself, whether it is in use or not: a captured graph
/// writes to the same addresses whenever it is replayed. It takes its pieces out of the whole, and hands
/// them back when nobody refers to it any more.
final class DeviceMemory: Sendable {
  private let driver: DriverContext
  private let keepsFreed: Bool
  /// What a reserve is taken of; nil for the whole.
  private let whole: DeviceMemory?
  private let freed = Mutex<[Int: [CUdeviceptr]]>([:])
  private let use = Mutex(Use())

  private struct Use {
    var bytes = 0
    var peak = 0
  }

  /// The whole memory.
  ///
  /// - Parameter keepsFreed: False to give everything back at once, for tests that watch it.
  init(_ driver: DriverContext, keepsFreed: Bool) {
    self.driver = driver
    self.keepsFreed = keepsFreed
    whole = nil
  }

  /// A reserve, empty as yet.
  init(reservedOf whole: DeviceMemory) {
    driver = whole.driver
    keepsFreed = true
    self.whole = whole
  }

  deinit {
    guard let whole else { return }
    for (bytes, pieces) in freed.withLock(\.self) {
      for piece in pieces { whole.give(piece, bytes: bytes) }
    }
  }

  /// What is taken for so many bytes.
  private static func rounded(_ bytes: Int) -> Int { max(512, (bytes + 511) / 512 * 512) }

  /// Takes a piece, of what was given back or of the driver's; nil if there is not enough.
  func take(_ bytes: Int) -> CUdeviceptr? {
    if let kept = takeKept(bytes) { return kept }
    if let whole { return whole.take(bytes) }
    guard let fresh = driver.takeMemory(Self.rounded(bytes)) else { return nil }
    count(bytes)
    return fresh
  }

  /// Takes a piece that was given back, if there is one of that size.
  func takeKept(_ bytes: Int) -> CUdeviceptr? {
    let kept = freed.withLock { $0[Self.rounded(bytes)]?.popLast() }
    if kept != nil, whole == nil { count(bytes) }
    return kept
  }

  /// Gives a piece back.
  func give(_ piece: CUdeviceptr, bytes: Int) {
    let size = Self.rounded(bytes)
    if whole == nil { use.withLock { $0.bytes -= size } }
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

  /// The pieces that nobody uses, and their sizes.
  var free: [(address: CUdeviceptr, bytes: Int)] {
    freed.withLock { freed in freed.flatMap { (size, pieces) in pieces.map { ($0, size) } } }
  }

  private func count(_ bytes: Int) {
    use.withLock { use in
      use.bytes += Self.rounded(bytes)
      use.peak = max(use.peak, use.bytes)
    }
  }

  /// The most bytes that were in use or reserved at once.
  var peakBytes: Int { use.withLock(\.peak) }

  /// Begins to measure the most anew.
  func forgetPeak() { use.withLock { $0.peak = $0.bytes } }
}
