import CCUDA
import Tensors

/// A work as a graph, ready to run any number of times.
///
/// `@unchecked Sendable`: a handle of NVIDIA's, never written after `init`.
final class CapturedWork: @unchecked Sendable {
  private let device: CUDADevice
  private let executable: CUgraphExec
  /// What it reads that stays, in its place.
  private let reading: [CUDAElements]
  /// What it writes for others.
  let outputs: [(shape: Shape, elements: CUDAElements)?]
  /// The memory that it writes.
  let blocks: [MemoryBlock]
  /// What it needs besides, for as long as it can run.
  private let kept: [AnyObject]

  init(
    _ executable: CUgraphExec, on device: CUDADevice, reading: [CUDAElements],
    outputs: [(shape: Shape, elements: CUDAElements)?], writing blocks: [MemoryBlock],
    keeping kept: [AnyObject]
  ) {
    self.device = device
    self.executable = executable
    self.reading = reading
    self.outputs = outputs
    self.blocks = blocks
    self.kept = kept
  }

  // The driver waits for a graph that is still running.
  deinit {
    let driver = device.driver
    driver.makeCurrent()
    driver.require(driver.functions.cuGraphExecDestroy(executable), "cuGraphExecDestroy")
  }

  /// Whether it would read these.
  func reads(_ elements: [CUDAElements]) -> Bool { elements.elementsEqual(reading, by: ===) }

  /// Puts it into the stream.
  func launch() {
    let driver = device.driver
    driver.makeCurrent()
    driver.require(driver.functions.cuGraphLaunch(executable, driver.stream), "cuGraphLaunch")
    device.repetition.countLaunch()
  }
}
