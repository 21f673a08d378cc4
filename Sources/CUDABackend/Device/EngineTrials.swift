import CCUDA

/// How an engine of cuDNN's is found for a convolution.
public enum CUDAEngines: String, CaseIterable, Sendable {
  /// The first that cuDNN recommends.
  case recommended
  /// The fastest of those that cuDNN recommends first. Which one that is may differ where it has to be
  /// found out anew, and with it the last bits of results.
  case timed
}

/// Finds out which engines are fastest on a GPU.
///
/// `@unchecked Sendable`: NVIDIA's handles, never written after `init`; the `Convolver` that it belongs to
/// has one thread at a time use them.
final class EngineTrials: @unchecked Sendable {
  private let device: CUDADevice
  private let precision: CUDAPrecision
  private let choices: EngineChoices
  private let begin: CUevent, end: CUevent

  /// So many engines are tried for a convolution.
  private static let most = 16
  /// Engines that want more than this of scratch memory are not tried: a training's memory counts too.
  private static let mostWorkspace = 256 << 20
  /// An engine must take less than this share of the time of one that is recommended before it, so that
  /// those of the same speed are not chosen by chance.
  private static let gain = 0.97
  /// One that takes so many times as long as the best is not measured again.
  private static let hopeless = 1.5
  /// How often a time is taken, of which the least counts, and of how many runs.
  private static let repeats = 3, runs = 3

  init(on device: CUDADevice, _ precision: CUDAPrecision, cacheFolder: String?) throws(CUDAError) {
    let driver = device.driver
    var events: [CUevent] = []
    for _ in 0..<2 {
      var event: CUevent?
      let status = driver.functions.cuEventCreate(&event, UInt32(CU_EVENT_DEFAULT))
      if let error = driver.error(status, "cuEventCreate") { throw error }
      if let event { events.append(event) }
    }
    guard events.count == 2 else { throw .noGPU }
    (begin, end) = (events[0], events[1])
    self.device = device
    self.precision = precision
    choices = EngineChoices(
      for: device.name, cudnnVersion: device.libraries.cudnn.cudnnGetVersion(), in: cacheFolder)
  }

  /// The fastest engine: as found before, or else by trying.
  ///
  /// - Parameters:
  ///   - handle: Of cuDNN's; its stream does not capture.
  ///   - run: Puts a plan into the stream, with scratch memory of the size that the plan wants.
  /// - Returns: Nil if none of those tried runs.
  func fastest(
    for problem: ConvolutionProblem, _ handle: cudnnHandle_t,
    run: (ConvolutionPlan, _ workspace: CUdeviceptr) throws(CUDAError) -> Void
  ) throws(CUDAError) -> ConvolutionPlan? {
    let cudnn = device.libraries.cudnn
    if let rank = choices.rank(of: problem, precision),
      let plan = try? ConvolutionPlan(
        problem, precision, for: .handle(handle), cudnn, from: rank)
    {
      return plan
    }
    var best: ConvolutionPlan?
    var least = Double.infinity
    for plan in try ConvolutionPlan.recommended(
      problem, precision, for: .handle(handle), cudnn, ranks: 0..<Self.most)
    where plan.workspaceBytes <= Self.mostWorkspace {
      guard let time = try? milliseconds(of: plan, hopelessFrom: Self.hopeless * least, run),
        time < Self.gain * least
      else { continue }
      (best, least) = (plan, time)
    }
    if let best { choices.keep(best.rank, of: problem, precision) }
    return best
  }

  /// How long a plan takes.
  private func milliseconds(
    of plan: ConvolutionPlan, hopelessFrom limit: Double,
    _ run: (ConvolutionPlan, _ workspace: CUdeviceptr) throws(CUDAError) -> Void
  ) throws(CUDAError) -> Double {
    let driver = device.driver
    // Straight of the driver's, so that it is neither counted nor kept.
    let workspace = plan.workspaceBytes > 0 ? driver.takeMemory(plan.workspaceBytes) : 0
    guard let workspace else {
      throw .outOfMemory(gpu: device.name, bytes: plan.workspaceBytes, freeBytes: 0)
    }
    defer { if workspace != 0 { driver.giveMemory(workspace) } }
    // The first run may load kernels.
    try run(plan, workspace)
    var least = Double.infinity
    for _ in 0..<Self.repeats {
      driver.require(driver.functions.cuEventRecord(begin, driver.stream), "cuEventRecord")
      for _ in 0..<Self.runs { try run(plan, workspace) }
      driver.require(driver.functions.cuEventRecord(end, driver.stream), "cuEventRecord")
      driver.require(driver.functions.cuEventSynchronize(end), "cuEventSynchronize")
      var time: Float = 0
      driver.require(
        driver.functions.cuEventElapsedTime(&time, begin, end), "cuEventElapsedTime")
      least = min(least, Double(time) / Double(Self.runs))
      if least > limit { break }
    }
    return least
  }
}
