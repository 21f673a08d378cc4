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
  /// Engines that want more than this of scratch memory are not tried, but for the first: a training's
  /// memory counts too.
  private static let mostWorkspace = 256 << 20
  /// Engines that take no longer than the fastest divided by this are as fast: the one that is recommended
  /// first is chosen, so that it is not by chance.
  private static let likeness = 0.97
  /// One that takes so many times as long as the fastest is not measured again.
  private static let hopeless = 1.5
  /// How often all are measured in turn, of which the least time counts, and in how many runs each.
  private static let rounds = 3, runs = 4

  init(on device: CUDADevice, _ precision: CUDAPrecision, cacheFolder: String?) throws(CUDAError) {
    begin = try device.driver.makeEvent(CU_EVENT_DEFAULT)
    end = try device.driver.makeEvent(CU_EVENT_DEFAULT)
    self.device = device
    self.precision = precision
    let cudnn = device.libraries.cudnn
    let build = "cudnn\(cudnn.cudnnGetVersion())-cuda\(cudnn.cudnnGetCudartVersion())"
    choices = EngineChoices(for: device.name, cudnn: build, in: cacheFolder)
  }

  /// The engine that was found to be the fastest before; nil if none was.
  func known(_ problem: ConvolutionProblem, _ handle: cudnnHandle_t) -> ConvolutionPlan? {
    choices.rank(of: problem, precision).flatMap { rank in
      try? ConvolutionPlan(
        problem, precision, for: .handle(handle), device.libraries.cudnn, from: rank)
    }
  }

  /// An engine, and the least time that it took.
  private struct Candidate {
    let plan: ConvolutionPlan
    var milliseconds = Double.infinity
  }

  /// Finds the fastest engine by trying, and keeps which one it is.
  ///
  /// - Parameters:
  ///   - handle: Of cuDNN's; its stream does not capture.
  ///   - run: Puts a plan into the stream, with scratch memory of the size that the plan wants.
  /// - Returns: Nil if none of those tried runs.
  func fastest(
    for problem: ConvolutionProblem, _ handle: cudnnHandle_t,
    run: (ConvolutionPlan, _ workspace: CUdeviceptr) throws(CUDAError) -> Void
  ) throws(CUDAError) -> ConvolutionPlan? {
    let plans = try ConvolutionPlan.recommended(
      problem, precision, for: .handle(handle), device.libraries.cudnn, ranks: 0..<Self.most
    ).filter { $0.rank == 0 || $0.workspaceBytes <= Self.mostWorkspace }
    // Straight of the driver's, so that a peak does not count it. One engine runs after the other.
    let bytes = plans.map(\.workspaceBytes).max() ?? 0
    guard let workspace = bytes > 0 ? device.driver.takeMemory(bytes) : 0 else { return nil }
    defer { if workspace != 0 { device.driver.giveMemory(workspace) } }

    var candidates = plans.map { Candidate(plan: $0) }
    var least = Double.infinity
    for _ in 0..<Self.rounds {
      for index in candidates.indices {
        let candidate = candidates[index]
        let limit = Self.hopeless * least
        guard candidate.milliseconds == .infinity || candidate.milliseconds < limit,
          let time = try? milliseconds({ () throws(CUDAError) in
            try run(candidate.plan, workspace)
          })
        else { continue }
        candidates[index].milliseconds = min(time, candidate.milliseconds)
        least = min(time, least)
      }
    }
    guard least < .infinity,
      let best = candidates.first(where: { Self.likeness * $0.milliseconds <= least })
    else { return nil }
    choices.keep(best.plan.rank, of: problem, precision)
    return best.plan
  }

  /// How long a run takes.
  private func milliseconds(_ run: () throws(CUDAError) -> Void) throws(CUDAError) -> Double {
    let driver = device.driver
    // The first may load kernels. While they run, those that count are queued, so that the GPU does not
    // wait for this machine unless they are shorter than it takes to queue them.
    for _ in 0..<Self.runs { try run() }
    driver.require(driver.functions.cuEventRecord(begin, driver.stream), "cuEventRecord")
    for _ in 0..<Self.runs { try run() }
    driver.require(driver.functions.cuEventRecord(end, driver.stream), "cuEventRecord")
    driver.require(driver.functions.cuEventSynchronize(end), "cuEventSynchronize")
    var time: Float = 0
    driver.require(driver.functions.cuEventElapsedTime(&time, begin, end), "cuEventElapsedTime")
    return Double(time) / Double(Self.runs)
  }
}
