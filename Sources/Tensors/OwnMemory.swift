import Glibc

/// Memory that one thread lends to what it runs, the last piece first to come back.
///
/// So a task finds what it writes in its own core's cache, where the tasks before it wrote. Memory from
/// all threads' pool goes from core to core: between cores that share no cache, that takes longer than
/// transforming a filter.
final class OwnMemory {
  /// A large page, which holds what a task of the largest layers transforms.
  private static let bytes = 2 << 20

  private let block = MemoryPool.shared.take(bytes: bytes)
  private var used = 0

  private init() {}

  deinit { MemoryPool.shared.give(block) }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let status = pthread_key_create(&key) { memory in
      let memory: UnsafeMutableRawPointer? = memory
      if let memory { Unmanaged<OwnMemory>.fromOpaque(memory).release() }
    }
    precondition(status == 0, "no room for a thread's own memory: \(status)")
    return key
  }()

  /// The calling thread's, which goes when the thread ends.
  static var ofThisThread: OwnMemory {
    if let known = pthread_getspecific(key) {
      return Unmanaged.fromOpaque(known).takeUnretainedValue()
    }
    let new = OwnMemory()
    pthread_setspecific(key, Unmanaged.passRetained(new).toOpaque())
    return new
  }

  /// Memory whose contents are undefined; nil if there is too little left.
  ///
  /// - Parameter bytes: A multiple of the pool's alignment.
  func take(bytes: Int) -> UnsafeMutablePointer<Float>? {
    guard used + bytes <= Self.bytes else { return nil }
    defer { used += bytes }
    return block.floats + used / MemoryLayout<Float>.stride
  }

  /// Gives the piece back that was taken last.
  func give(bytes: Int) { used -= bytes }
}
