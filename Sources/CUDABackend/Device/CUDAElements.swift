import CCUDA
import Tensors

/// Elements that are made when somebody asks for them, since that decides in which form.
///
/// Whoever promised them makes them, in his own queue.
protocol PromisedElements: AnyObject, Sendable {
  /// Makes them, unless that has been done.
  func kept() -> CUDAElements

  /// The same, and forgets all other forms, since this one is about to be changed.
  func settle()
}

/// A tensor's elements, or a kernel's own notes, in a GPU's memory.
final class CUDAElements: DeviceElements {
  let device: CUDADevice
  let format: ElementFormat
  /// What makes them when somebody asks for them; nil where they have memory of their own.
  let promise: (any PromisedElements)?
  /// Nil of promised ones.
  private let piece: Piece?

  /// Memory, what it was taken of, and comes back to.
  private struct Piece {
    let memory: any MemorySource
    let address: CUdeviceptr
    let bytes: Int
  }

  /// Themselves; of promised ones, those that keep the promise, made now if need be.
  var made: CUDAElements { promise?.kept().made ?? self }

  /// Where they are.
  var address: CUdeviceptr { madePiece.address }

  /// What they are taken of.
  var memory: any MemorySource { madePiece.memory }

  private var madePiece: Piece {
    guard let piece = made.piece else { preconditionFailure("elements that were made nowhere") }
    return piece
  }

  /// Takes memory; the contents are undefined.
  init(bytes: Int, _ format: ElementFormat = .float32, on queue: CUDAQueue) {
    device = queue.device
    self.format = format
    promise = nil
    piece = Piece(memory: queue.memory, address: queue.allocate(bytes), bytes: bytes)
  }

  convenience init(count: Int, _ format: ElementFormat = .float32, on queue: CUDAQueue) {
    self.init(bytes: count * format.stride, format, on: queue)
  }

  /// Elements that are made when somebody asks for them.
  ///
  /// - Parameter queue: Where that will be done.
  init(_ promise: any PromisedElements, _ format: ElementFormat, on queue: CUDAQueue) {
    device = queue.device
    self.format = format
    self.promise = promise
    piece = nil
    queue.recording?.note(promise, lane: queue.lane)
  }

  // The device uses memory in the order in which it was asked to, so whatever was launched before
  // still finds its own.
  deinit { if let piece { piece.memory.give(piece.address, bytes: piece.bytes) } }

  func copy(to target: UnsafeMutablePointer<Float>, count: Int) {
    // Before anything is done for it outside of a capture that goes on.
    device.repetition.recording?.abandon("it looks at numbers on the way")
    device.download(
      converted(to: .float32, count: count, on: CUDAQueue(device)), to: target,
      bytes: count * MemoryLayout<Float>.stride)
  }

  /// The same numbers, rounded if need be.
  func converted(to format: ElementFormat, count: Int, on queue: CUDAQueue) -> CUDAElements {
    if format == self.format { return self }
    let converted = CUDAElements(count: count, format, on: queue)
    queue.launch(
      .affine, .groups(count), .elements(self), .elements(converted), .count(count), .float(1),
      .float(0))
    return converted
  }
}
