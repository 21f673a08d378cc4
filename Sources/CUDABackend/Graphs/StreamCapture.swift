import CCUDA

/// A stream that does nothing of what is asked for, but remembers it as a graph.
///
/// `@unchecked Sendable`: one thread captures, and calls all of this.
final class StreamCapture: @unchecked Sendable {
  private let driver: DriverContext
  private let stream: CUstream
  private var isOpen = true

  /// Begins; only this thread's calls are restricted meanwhile.
  init(_ device: CUDADevice) throws(CUDAError) {
    driver = device.driver
    stream = device.captureStreams[0]
    driver.makeCurrent()
    try Self.check(
      driver,
      driver.functions.cuStreamBeginCapture_v2(
        stream, CUstreamCaptureMode(CU_STREAM_CAPTURE_MODE_THREAD_LOCAL)),
      "cuStreamBeginCapture_v2")
  }

  /// Ends it and forgets what it remembered.
  func discard() {
    guard isOpen else { return }
    isOpen = false
    var graph: CUgraph?
    // It fails if the capture was broken off, which ends it as well.
    _ = driver.functions.cuStreamEndCapture(stream, &graph)
    if let graph { driver.require(driver.functions.cuGraphDestroy(graph), "cuGraphDestroy") }
  }

  /// Ends it and makes what it remembered ready to run.
  func end() throws(CUDAError) -> CUgraphExec {
    isOpen = false
    var graph: CUgraph?, executable: CUgraphExec?
    try Self.check(
      driver, driver.functions.cuStreamEndCapture(stream, &graph), "cuStreamEndCapture")
    defer {
      if let graph { driver.require(driver.functions.cuGraphDestroy(graph), "cuGraphDestroy") }
    }
    try Self.check(
      driver, driver.functions.cuGraphInstantiateWithFlags(&executable, graph, 0),
      "cuGraphInstantiateWithFlags")
    guard let executable else {
      throw .driver(call: "cuGraphInstantiateWithFlags", status: 0, text: "no graph")
    }
    return executable
  }

  private static func check(_ driver: DriverContext, _ status: CUresult, _ call: String)
    throws(CUDAError)
  {
    if let error = driver.error(status, call) { throw error }
  }
}
