import CCUDA
import Tensors

/// A tensor's elements, or a kernel's own notes, in a GPU's memory.
final class CUDAElements: DeviceElements {
  let device: CUDADevice
  /// What they are taken of, and come back to.
  let memory: DeviceMemory
  let address: CUdeviceptr
  let format: ElementFormat
  private let bytes: Int

  /// Takes memory; the contents are undefined.
  init(bytes: Int, _ format: ElementFormat = .float32, on queue: CUDAQueue) {
    device = queue.device
    memory = queue.memory
    self.format = format
    self.bytes = bytes
    address = queue.allocate(bytes)
  }

  convenience init(count: Int, _ format: ElementFormat = .float32, on queue: CUDAQueue) {
    self.init(bytes: count * format.stride, format, on: queue)
  }

  // The device uses memory in the order in which it was asked to, so whatever was launched before
  // still finds its own.
  deinit { memory.give(address, bytes: bytes) }

  func copy(to target: UnsafeMutablePointer<Float>, count: Int) {
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
