import CCUDA
import Foundation
import Tensors

/// One GPU: its memory, its kernels and its queue of work.
///
/// Everything goes into one queue (a stream) in the order of the calls, and calls return at once;
/// only `download` waits. Calls may come from any thread.
///
/// `@unchecked Sendable`: NVIDIA's handles, never written after `init`; the driver is thread-safe.
final class CUDADevice: @unchecked Sendable {
  let libraries: CUDALibraries
  /// The number in `cuda:0`.
  let ordinal: Int
  /// For example `NVIDIA H200`.
  let name: String
  /// For example `(9, 0)`.
  let capability: (major: Int, minor: Int)
  /// Bytes of the GPU's own memory.
  let memoryBytes: Int
  let stream: CUstream
  private let context: CUcontext
  let functions: [Kernel: CUfunction]
  private let memory: DeviceMemory
  /// Zeros with which the blocks of a sum find out which of them comes last; each sum leaves them
  /// as it found them.
  private(set) var arrivals: CUdeviceptr = 0

  /// How many blocks of columns a sum can have.
  static let mostArrivals = 1 << 18

  private var driver: cuda_driver { libraries.driver }

  /// The oldest driver that has all functions under the names that are asked for, CUDA 12.0.
  private static let oldestDriver: Int32 = 12000

  /// Opens a GPU and compiles the kernels for it.
  ///
  /// - Parameters:
  ///   - ordinal: Which GPU, counted from 0.
  ///   - libraries: NVIDIA's libraries.
  ///   - cacheFolder: Where compiled kernels are kept; nil to keep none.
  ///   - reusesMemory: Whether memory that is given back is kept for the next to ask for it.
  init(
    _ ordinal: Int, _ libraries: CUDALibraries, cacheFolder: String?, reusesMemory: Bool
  ) throws(CUDAError) {
    let driver = libraries.driver
    func check(_ status: CUresult, _ call: String) throws(CUDAError) {
      try Self.check(driver, status, call)
    }
    try check(driver.cuInit(0), "cuInit")
    var version: Int32 = 0, count: Int32 = 0
    try check(driver.cuDriverGetVersion(&version), "cuDriverGetVersion")
    guard version >= Self.oldestDriver else {
      throw .unusable(
        .driver, path: libraries.paths[.driver] ?? "", found: Self.version(version),
        needed: "CUDA \(Self.version(Self.oldestDriver)) or newer")
    }
    try check(driver.cuDeviceGetCount(&count), "cuDeviceGetCount")
    guard count > 0 else { throw .noGPU }
    guard (0..<Int(count)).contains(ordinal) else { throw .unknownGPU(ordinal, count: Int(count)) }

    var device: CUdevice = 0, bytes = 0, context: CUcontext?, stream: CUstream?
    try check(driver.cuDeviceGet(&device, Int32(ordinal)), "cuDeviceGet")
    var text = [CChar](repeating: 0, count: 256)
    try check(driver.cuDeviceGetName(&text, Int32(text.count), device), "cuDeviceGetName")
    let name = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    try check(driver.cuDeviceTotalMem_v2(&bytes, device), "cuDeviceTotalMem_v2")
    func attribute(_ number: Int) throws(CUDAError) -> Int {
      var value: Int32 = 0
      try check(
        driver.cuDeviceGetAttribute(&value, Int32(number), device), "cuDeviceGetAttribute")
      return Int(value)
    }
    capability = (
      try attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
      try attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)
    )
    guard capability.major >= 7 else { throw .unfitGPU(name, lacking: "compute capability 7.0") }
    guard try attribute(CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED) != 0 else {
      throw .unfitGPU(name, lacking: "memory pools")
    }
    // The primary context is the one that cuDNN uses.
    try check(driver.cuDevicePrimaryCtxRetain(&context, device), "cuDevicePrimaryCtxRetain")
    guard let context else { throw .noGPU }
    try check(driver.cuCtxSetCurrent(context), "cuCtxSetCurrent")
    try Self.keepMemory(driver, device)
    try check(driver.cuStreamCreate(&stream, UInt32(CU_STREAM_NON_BLOCKING)), "cuStreamCreate")
    guard let stream else { throw .noGPU }

    self.libraries = libraries
    self.ordinal = ordinal
    self.name = name
    memoryBytes = bytes
    self.context = context
    self.stream = stream
    memory = DeviceMemory(keepsFreed: reusesMemory)
    functions = try Self.kernels(
      libraries, "sm_\(capability.major)\(capability.minor)", cacheFolder)
    arrivals = allocate(Self.mostArrivals * MemoryLayout<UInt32>.stride)
    let zeros = [UInt32](repeating: 0, count: Self.mostArrivals)
    upload(zeros, bytes: zeros.count * MemoryLayout<UInt32>.stride, to: arrivals)
  }

  /// Has the driver's pool give no memory back to the system, since training frees and takes the
  /// same sizes over and over.
  private static func keepMemory(_ driver: cuda_driver, _ device: CUdevice) throws(CUDAError) {
    var pool: CUmemoryPool?
    try check(driver, driver.cuDeviceGetDefaultMemPool(&pool, device), "cuDeviceGetDefaultMemPool")
    var threshold = UInt64.max
    try check(
      driver,
      driver.cuMemPoolSetAttribute(pool, Int32(CU_MEMPOOL_ATTR_RELEASE_THRESHOLD), &threshold),
      "cuMemPoolSetAttribute")
  }

  private static func kernels(
    _ libraries: CUDALibraries, _ architecture: String, _ cacheFolder: String?
  ) throws(CUDAError) -> [Kernel: CUfunction] {
    let driver = libraries.driver
    let program = KernelProgram(compiler: libraries.compiler, architecture: architecture)
    var module: CUmodule?
    var code = try program.machineCode(cachedIn: cacheFolder)
    if driver.cuModuleLoadDataEx(&module, code, 0, nil, nil) != 0, cacheFolder != nil {
      // What is in the cache may be of another time or have been cut short.
      code = try program.machineCode(cachedIn: nil)
    }
    if module == nil {
      try check(
        driver, driver.cuModuleLoadDataEx(&module, code, 0, nil, nil), "cuModuleLoadDataEx")
    }
    var functions: [Kernel: CUfunction] = [:]
    for kernel in Kernel.allCases {
      var function: CUfunction?
      try check(
        driver, driver.cuModuleGetFunction(&function, module, kernel.rawValue),
        "cuModuleGetFunction(\(kernel.rawValue))")
      functions[kernel] = function
    }
    return functions
  }

  private static func check(_ driver: cuda_driver, _ status: CUresult, _ call: String)
    throws(CUDAError)
  {
    if Int(status) == CUDA_SUCCESS { return }
    if Int(status) == CUDA_ERROR_NO_DEVICE { throw .noGPU }
    var text: UnsafePointer<CChar>?
    _ = driver.cuGetErrorString(status, &text)
    throw .driver(call: call, status: status, text: CUDALibraries.words(text))
  }

  private static func version(_ number: Int32) -> String {
    "\(number / 1000).\(number % 1000 / 10)"
  }
}

// MARK: - Work

extension CUDADevice {
  /// Puts a kernel into the queue.
  ///
  /// - Parameter arguments: As the kernel's declaration has them.
  func launch(_ kernel: Kernel, _ shape: LaunchShape, _ arguments: KernelArgument...) {
    guard shape.grid.x * shape.grid.y * shape.grid.z > 0 else { return }
    makeCurrent()
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: arguments.count) { bits in
      withUnsafeTemporaryAllocation(
        of: UnsafeMutableRawPointer?.self, capacity: arguments.count
      ) { pointers in
        for (index, argument) in arguments.enumerated() {
          bits.initializeElement(at: index, to: argument.bits)
          pointers.initializeElement(at: index, to: bits.baseAddress! + index)
        }
        require(
          driver.cuLaunchKernel(
            functions[kernel], UInt32(shape.grid.x), UInt32(shape.grid.y), UInt32(shape.grid.z),
            UInt32(shape.block.x), UInt32(shape.block.y), 1, 0, stream, pointers.baseAddress, nil),
          "cuLaunchKernel(\(kernel.rawValue))")
      }
    }
  }

  /// Takes memory, of what was given back or from the driver's pool.
  func allocate(_ bytes: Int) -> CUdeviceptr {
    if let address = memory.take(bytes) { return address }
    makeCurrent()
    var address: CUdeviceptr = 0
    var status = driver.cuMemAllocAsync(&address, DeviceMemory.rounded(bytes), stream)
    if Int(status) == CUDA_ERROR_OUT_OF_MEMORY {
      // Pieces of other sizes are of no use now.
      for piece in memory.takeFreed() {
        require(driver.cuMemFreeAsync(piece, stream), "cuMemFreeAsync")
      }
      synchronize()
      status = driver.cuMemAllocAsync(&address, DeviceMemory.rounded(bytes), stream)
    }
    if Int(status) == CUDA_ERROR_OUT_OF_MEMORY {
      var free = 0, total = 0
      _ = driver.cuMemGetInfo_v2(&free, &total)
      fatalError("\(CUDAError.outOfMemory(gpu: name, bytes: bytes, freeBytes: free))")
    }
    require(status, "cuMemAllocAsync")
    memory.hasTaken(bytes)
    return address
  }

  /// Gives memory back, for whatever is launched from now on.
  func free(_ address: CUdeviceptr, bytes: Int) {
    if memory.keep(address, bytes: bytes) { return }
    makeCurrent()
    require(driver.cuMemFreeAsync(address, stream), "cuMemFreeAsync")
  }

  /// Copies from this machine's memory, which may be changed as soon as this returns.
  func upload(_ source: UnsafeRawPointer, bytes: Int, to target: CUdeviceptr) {
    makeCurrent()
    require(
      driver.cuMemcpyHtoDAsync_v2(target, source, bytes, stream), "cuMemcpyHtoDAsync_v2")
  }

  /// Waits for all that is in the queue and copies to this machine's memory.
  func download(_ source: CUDAElements, to target: UnsafeMutableRawPointer, bytes: Int) {
    makeCurrent()
    require(
      driver.cuMemcpyDtoHAsync_v2(target, source.address, bytes, stream), "cuMemcpyDtoHAsync_v2")
    synchronize()
  }

  /// Copies within the GPU's memory.
  func copy(_ source: CUDAElements, bytes: Int, to target: CUDAElements) {
    makeCurrent()
    require(
      driver.cuMemcpyDtoDAsync_v2(target.address, source.address, bytes, stream),
      "cuMemcpyDtoDAsync_v2")
  }

  /// Waits for all that is in the queue.
  func synchronize() {
    makeCurrent()
    require(driver.cuStreamSynchronize(stream), "cuStreamSynchronize")
  }

  /// The most bytes that were in use at once since `forgetPeakMemory`.
  var peakMemoryBytes: Int { memory.peakBytes }

  /// Begins to measure the most memory anew.
  func forgetPeakMemory() { memory.forgetPeak() }

  /// The context is a matter of each thread, and calls may come from any.
  func makeCurrent() { require(driver.cuCtxSetCurrent(context), "cuCtxSetCurrent") }

  /// Ends the process if the driver refused: what was computed before is lost, as when memory ends.
  private func require(_ status: CUresult, _ call: String) {
    if Int(status) == CUDA_SUCCESS { return }
    do {
      try Self.check(driver, status, call)
    } catch {
      fatalError("\(name): \(error)")
    }
  }
}
