import Synchronization

/// Tables of addresses that are in a GPU's memory already.
///
/// From step to step an optimizer's tensors mostly stay where they are, gradients included, since
/// memory comes back to the same uses again and again.
final class UploadedTables: Sendable {
  private let known = Mutex<[[UInt64]: CUDAElements]>([:])

  /// So many are kept.
  private static let most = 16

  /// A table in the GPU's memory, copied there unless it was asked for before.
  func table(_ words: [UInt64], on device: CUDADevice) -> CUDAElements {
    known.withLock { known in
      if let table = known[words] { return table }
      let bytes = words.count * MemoryLayout<UInt64>.stride
      let table = CUDAElements(bytes: bytes, on: CUDAQueue(device))
      device.upload(words, bytes: bytes, to: table.address)
      if known.count == Self.most { known = [:] }
      known[words] = table
      return table
    }
  }
}
