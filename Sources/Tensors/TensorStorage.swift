import Synchronization

// The unsafe room of this target: raw memory behind `Tensor`.

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
    var block: MemoryPool.Block?
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

  deinit { places.withLock { $0.block.map(MemoryPool.shared.give) } }

  private static func block(_ count: Int) -> MemoryPool.Block {
    MemoryPool.shared.take(bytes: count * MemoryLayout<Float>.stride)
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

  /// The elements on a device, if there are some.
  package var deviceElements: (any DeviceElements)? { places.withLock(\.device) }

  /// Exchanges elements on a device for equal ones in another place there.
  ///
  /// - Parameter move: Returns nil to leave them where they are.
  package func moveElements(_ move: (any DeviceElements) -> (any DeviceElements)?) {
    places.withLock { places in
      if let device = places.device, let moved = move(device) { places.device = moved }
    }
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
    places.withLock { $0.block.take().map(MemoryPool.shared.give) }
    forgetDerivations()
  }

  /// Forgets what was derived of the contents.
  func forgetDerivations() {
    derivations.withLock { if !$0.isEmpty { $0 = [:] } }
  }
}
