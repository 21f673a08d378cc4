import CCUDA
import Tensors

/// Where a backend's work goes: a stream of a GPU's, memory to work in, and whoever notes it down.
///
/// `@unchecked Sendable`: a handle of NVIDIA's, never written after `init`.
final class CUDAQueue: @unchecked Sendable {
  let device: CUDADevice
  let memory: any MemorySource
  let recording: Recording?
  /// 1 if work goes on beside that of another queue, else 0.
  let lane: Int
  /// For work that can go on beside this queue's; nil where all is done in one order.
  let beside: CUDAQueue?
  private let stream: CUstream

  /// The GPU's own stream and memory.
  convenience init(_ device: CUDADevice) {
    self.init(device, stream: device.stream, device.memory, recording: nil)
  }

  /// Another stream, or memory apart.
  init(
    _ device: CUDADevice, stream: CUstream, _ memory: any MemorySource, recording: Recording?,
    lane: Int = 0, beside: CUDAQueue? = nil
  ) {
    self.device = device
    self.stream = stream
    self.memory = memory
    self.recording = recording
    self.lane = lane
    self.beside = beside
  }

  /// Where the zeros for this queue's sums are.
  var arrivals: CUdeviceptr {
    device.arrivals + UInt64(lane * CUDADevice.mostArrivals * MemoryLayout<UInt32>.stride)
  }

  private var driver: DriverContext { device.driver }

  /// Puts a kernel into the queue.
  ///
  /// - Parameter arguments: As the kernel's declaration has them.
  func launch(_ kernel: Kernel, _ shape: LaunchShape, _ arguments: KernelArgument...) {
    guard shape.grid.x * shape.grid.y * shape.grid.z > 0 else { return }
    if let recording {
      recording.note(kernel, shape, arguments, lane: lane)
      if recording.isAbandoned { return }
    }
    driver.makeCurrent()
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: arguments.count) { bits in
      withUnsafeTemporaryAllocation(
        of: UnsafeMutableRawPointer?.self, capacity: arguments.count
      ) { pointers in
        for (index, argument) in arguments.enumerated() {
          bits.initializeElement(at: index, to: argument.bits)
          pointers.initializeElement(at: index, to: bits.baseAddress! + index)
        }
        require(
          driver.functions.cuLaunchKernel(
            device.functions[kernel], UInt32(shape.grid.x), UInt32(shape.grid.y),
            UInt32(shape.grid.z), UInt32(shape.block.x), UInt32(shape.block.y), 1, 0, stream,
            pointers.baseAddress, nil),
          "cuLaunchKernel(\(kernel.rawValue))")
      }
    }
  }

  /// Runs one of cuDNN's functions that puts work into this queue.
  func run(_ work: (CUstream) throws(CUDAError) -> Void) {
    if let recording, recording.isAbandoned { return }
    driver.makeCurrent()
    do throws(CUDAError) {
      try work(stream)
    } catch {
      guard let recording, recording.isCapturing else { fatalError("\(device.name): \(error)") }
      recording.abandon("\(error)")
    }
  }

  /// Comes before what was promised in this queue is done: a work that is noted down must not ask for what
  /// was promised before it, since that is done once only.
  func keepsPromise() {
    guard recording == nil else { return }
    device.repetition.recording?.abandon("it reads a tensor that it was not told of")
  }

  /// Takes memory.
  func allocate(_ bytes: Int) -> CUdeviceptr {
    if let recording, !recording.isAbandoned, let planned = memory as? PlannedMemory,
      !planned.expects(bytes)
    {
      recording.abandon("it asked for other memory than the time before")
    }
    return device.allocate(bytes, of: memory)
  }

  /// Copies from this machine's memory, which may be changed as soon as this returns.
  func upload(_ source: UnsafeRawPointer, bytes: Int, to target: CUDAElements) {
    guard let recording else {
      device.upload(source, bytes: bytes, to: target.address)
      return
    }
    guard let constant = recording.constant(source, bytes: bytes, on: device) else { return }
    copy(constant, bytes: bytes, to: target)
  }

  /// Copies within the GPU's memory.
  func copy(_ source: CUDAElements, bytes: Int, to target: CUDAElements) {
    if let recording {
      recording.noteCopy(bytes: bytes, from: source, to: target, lane: lane)
      if recording.isAbandoned { return }
    }
    driver.makeCurrent()
    require(
      driver.functions.cuMemcpyDtoDAsync_v2(target.address, source.address, bytes, stream),
      "cuMemcpyDtoDAsync_v2")
  }

  /// Has another queue wait for all that is in this one.
  func goesBefore(_ other: CUDAQueue) {
    guard other.stream != stream, let recording, !recording.isAbandoned else { return }
    driver.makeCurrent()
    require(driver.functions.cuEventRecord(device.event, stream), "cuEventRecord")
    require(
      driver.functions.cuStreamWaitEvent(other.stream, device.event, 0), "cuStreamWaitEvent")
  }

  /// What fails while a work is captured can still be done without; else it ends the process.
  private func require(_ status: CUresult, _ call: String) {
    guard let recording, recording.isCapturing, let error = driver.error(status, call) else {
      driver.require(status, call)
      return
    }
    recording.abandon("\(error)")
  }
}
