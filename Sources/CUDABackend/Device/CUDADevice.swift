import CCUDA
import Synchronization

/// One GPU: its memory, its kernels and its stream of work.
///
/// Everything goes into one stream in the order of the calls, and calls return at once; only `download`
/// waits. Calls may come from any thread.
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
  let driver: DriverContext
  /// Streams that do nothing but remember, for `StreamCapture`: the first one, and the one of what goes
  /// on beside it.
  let captureStreams: [CUstream]
  /// For one stream to wait for another.
  let event: CUevent
  let functions: [Kernel: CUfunction]
  let memory: DeviceMemory
  /// Scratch memory of graphs.
  let scratch: SharedScratch
  /// The graphs of all works that are repeated, and who notes the one that runs.
  let repetition: Repetition
  /// Zeros with which the blocks of a sum find out which of them comes last; each sum leaves them
  /// as it found them; as many again for what goes on beside the first stream.
  let arrivals: CUdeviceptr

  /// How many blocks of columns a sum can have.
  static let mostArrivals = 1 << 18

  /// The stream that does all work.
  var stream: CUstream { driver.stream }

  /// The oldest driver that has all functions under the names that are asked for, CUDA 12.0.
  private static let oldestDriver: Int32 = 12000

  /// Opens a GPU and compiles the kernels for it.
  ///
  /// - Parameters:
  ///   - ordinal: Which GPU, counted from 0.
  ///   - libraries: NVIDIA's libraries.
  ///   - precision: What it must be able to compute in.
  ///   - cacheFolder: Where compiled kernels are kept; nil to keep none.
  ///   - reusesMemory: Whether memory that is given back is kept for the next to ask for it.
  init(
    _ ordinal: Int, _ libraries: CUDALibraries, for precision: CUDAPrecision, cacheFolder: String?,
    reusesMemory: Bool
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

    var device: CUdevice = 0, bytes = 0, context: CUcontext?
    var stream: CUstream?, captureStreams: [CUstream] = []
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
    guard capability >= CUDAPrecision.float32.leastCapability else {
      throw .unfitGPU(name, lacking: "compute capability 7.0")
    }
    guard capability >= precision.leastCapability else {
      throw .unfitPrecision(precision, gpu: name)
    }
    guard try attribute(CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED) != 0 else {
      throw .unfitGPU(name, lacking: "memory pools")
    }
    // The primary context is the one that cuDNN uses.
    try check(driver.cuDevicePrimaryCtxRetain(&context, device), "cuDevicePrimaryCtxRetain")
    guard let context else { throw .noGPU }
    try check(driver.cuCtxSetCurrent(context), "cuCtxSetCurrent")
    try Self.keepMemory(driver, device)
    try check(driver.cuStreamCreate(&stream, UInt32(CU_STREAM_NON_BLOCKING)), "cuStreamCreate")
    for _ in 0..<2 {
      var captureStream: CUstream?
      try check(
        driver.cuStreamCreate(&captureStream, UInt32(CU_STREAM_NON_BLOCKING)), "cuStreamCreate")
      if let captureStream { captureStreams.append(captureStream) }
    }
    guard let stream, captureStreams.count == 2 else { throw .noGPU }

    self.libraries = libraries
    self.ordinal = ordinal
    self.name = name
    memoryBytes = bytes
    self.driver = DriverContext(functions: driver, context: context, stream: stream, name: name)
    self.captureStreams = captureStreams
    event = try self.driver.makeEvent(CU_EVENT_DISABLE_TIMING)
    memory = DeviceMemory(self.driver, keepsFreed: reusesMemory)
    scratch = SharedScratch(memory)
    repetition = Repetition(poisons: !reusesMemory)
    functions = try Self.kernels(
      libraries, "sm_\(capability.major)\(capability.minor)", cacheFolder)
    let zeros = [UInt32](repeating: 0, count: 2 * Self.mostArrivals)
    let bytesOfZeros = zeros.count * MemoryLayout<UInt32>.stride
    guard let arrivals = memory.take(bytesOfZeros) else {
      throw .outOfMemory(gpu: name, bytes: bytesOfZeros, freeBytes: 0)
    }
    self.arrivals = arrivals
    upload(zeros, bytes: bytesOfZeros, to: arrivals)
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
    if let error = DriverContext.error(driver, status, call) { throw error }
  }

  private static func version(_ number: Int32) -> String {
    "\(number / 1000).\(number % 1000 / 10)"
  }
}

// MARK: - Memory

extension CUDADevice {
  /// Takes memory, of what was given back or of the driver's.
  func allocate(_ bytes: Int, of memory: any MemorySource) -> CUdeviceptr {
    if let address = memory.take(bytes) { return address }
    // Pieces of other sizes are of no use now, nor is what graphs keep for later.
    repetition.dropGraphs()
    self.memory.giveFreedBack()
    driver.synchronize()
    if let address = memory.take(bytes) { return address }
    var free = 0, total = 0
    _ = driver.functions.cuMemGetInfo_v2(&free, &total)
    fatalError("\(CUDAError.outOfMemory(gpu: name, bytes: bytes, freeBytes: free))")
  }

  /// Copies from this machine's memory, which may be changed as soon as this returns.
  func upload(_ source: UnsafeRawPointer, bytes: Int, to target: CUdeviceptr) {
    driver.makeCurrent()
    driver.require(
      driver.functions.cuMemcpyHtoDAsync_v2(target, source, bytes, stream),
      "cuMemcpyHtoDAsync_v2")
  }

  /// Waits for all that was asked for and copies to this machine's memory.
  func download(_ source: CUDAElements, to target: UnsafeMutableRawPointer, bytes: Int) {
    if let recording = repetition.recording, recording.isCapturing {
      // There are none yet, and what is made of these is thrown away.
      target.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
      return
    }
    driver.makeCurrent()
    driver.require(
      driver.functions.cuMemcpyDtoHAsync_v2(target, source.address, bytes, stream),
      "cuMemcpyDtoHAsync_v2")
    driver.synchronize()
  }

  /// The most bytes that were in use at once since `forgetPeakMemory`.
  var peakMemoryBytes: Int { memory.peakBytes }

  /// Begins to measure the most memory anew.
  func forgetPeakMemory() { memory.forgetPeak() }
}
