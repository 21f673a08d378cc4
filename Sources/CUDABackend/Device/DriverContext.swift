import CCUDA

/// The driver's functions together with a GPU that is open.
///
/// `@unchecked Sendable`: NVIDIA's handles, never written; the driver is thread-safe.
struct DriverContext: @unchecked Sendable {
  let functions: cuda_driver
  let context: CUcontext
  /// The stream that does all work in the order in which it was asked for.
  let stream: CUstream
  /// What errors call the GPU.
  let name: String

  /// Must come before any other call: the context is a matter of each thread, and calls may come from
  /// any.
  func makeCurrent() { require(functions.cuCtxSetCurrent(context), "cuCtxSetCurrent") }

  /// Ends the process if the driver refused: what was computed before is lost, as when memory ends.
  func require(_ status: CUresult, _ call: String) {
    if let error = Self.error(functions, status, call) { fatalError("\(name): \(error)") }
  }

  /// Why the driver refused; nil if it did not.
  func error(_ status: CUresult, _ call: String) -> CUDAError? {
    Self.error(functions, status, call)
  }

  /// Why a driver refused; nil if it did not.
  static func error(_ functions: cuda_driver, _ status: CUresult, _ call: String) -> CUDAError? {
    if Int(status) == CUDA_SUCCESS { return nil }
    if Int(status) == CUDA_ERROR_NO_DEVICE { return .noGPU }
    var text: UnsafePointer<CChar>?
    _ = functions.cuGetErrorString(status, &text)
    return .driver(call: call, status: status, text: CUDALibraries.words(text))
  }

  /// Makes an event.
  ///
  /// - Parameter flags: What the driver is told of it, such as `CU_EVENT_DISABLE_TIMING`.
  func makeEvent(_ flags: Int) throws(CUDAError) -> CUevent {
    var event: CUevent?
    let call = "cuEventCreate", status = functions.cuEventCreate(&event, UInt32(flags))
    if let error = error(status, call) { throw error }
    guard let event else { throw .driver(call: call, status: 0, text: "no event") }
    return event
  }

  /// Takes memory of the driver's; nil if there is not enough.
  func takeMemory(_ bytes: Int) -> CUdeviceptr? {
    makeCurrent()
    var address: CUdeviceptr = 0
    let status = functions.cuMemAllocAsync(&address, bytes, stream)
    if Int(status) == CUDA_ERROR_OUT_OF_MEMORY { return nil }
    require(status, "cuMemAllocAsync")
    return address
  }

  /// Gives memory back to the driver, for whatever is asked for from now on.
  func giveMemory(_ address: CUdeviceptr) {
    makeCurrent()
    require(functions.cuMemFreeAsync(address, stream), "cuMemFreeAsync")
  }

  /// Waits for all that is in the stream.
  func synchronize() {
    makeCurrent()
    require(functions.cuStreamSynchronize(stream), "cuStreamSynchronize")
  }
}
