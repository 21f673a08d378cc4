import CCUDA
import Synchronization

/// cuDNN on one GPU: makes plans, keeps them, runs them.
///
/// cuDNN has a handle for each lane of a queue, and plans for each handle: what goes on side by side shares
/// nothing.
final class Convolver: Sendable {
  private let device: CUDADevice
  /// Unlike that of any other in the process.
  let name: String
  let precision: CUDAPrecision
  /// What times engines, if they are to be timed.
  private let trials: EngineTrials?
  private let known: Mutex<Known>

  /// What was made before.
  private struct Known {
    var lanes: [Int: Lane] = [:]
    var packs: [Pack: Descriptor] = [:]
  }

  /// What one lane uses.
  ///
  /// `@unchecked Sendable`: cuDNN's handle is used inside the mutex only.
  private struct Lane: @unchecked Sendable {
    let handle: cudnnHandle_t
    /// Where cuDNN puts its work.
    var stream: CUstream
    var plans: [ConvolutionProblem: ConvolutionPlan] = [:]
  }

  /// Where the tensors of a plan are.
  ///
  /// Memory comes back to the same uses again and again.
  private struct Pack: Hashable {
    let plan: ObjectIdentifier
    let input: CUdeviceptr, filter: CUdeviceptr, output: CUdeviceptr, workspace: CUdeviceptr
  }

  /// So many packs are kept, a few steps' worth.
  private static let mostPacks = 1 << 14

  /// Whether engines are timed.
  var timesEngines: Bool { trials != nil }

  private var cudnn: cudnn_graph { device.libraries.cudnn }

  /// The oldest version that is known to take the descriptors as they are made here.
  private static let oldest = 90000
  /// This version numbers its enumerations in another way.
  private static let broken = 91000

  /// Makes a handle of cuDNN's.
  ///
  /// - Parameters:
  ///   - engines: How an engine is found for a convolution.
  ///   - cacheFolder: Where it is kept which engines were the fastest; nil to keep it nowhere.
  init(
    on device: CUDADevice, _ precision: CUDAPrecision, engines: CUDAEngines, cacheFolder: String?
  ) throws(CUDAError) {
    let cudnn = device.libraries.cudnn
    let version = cudnn.cudnnGetVersion()
    guard version >= Self.oldest, version / 10000 == 9, version != Self.broken else {
      throw .unusable(
        .cudnn, path: device.libraries.paths[.cudnn] ?? "",
        found: "\(version / 10000).\(version / 100 % 100).\(version % 100)",
        needed: "9.0 or newer, but not 9.10.0,")
    }
    device.driver.makeCurrent()
    self.device = device
    name = "\(precision) \(ObjectIdentifier(device))"
    self.precision = precision
    trials =
      engines == .timed ? try EngineTrials(on: device, precision, cacheFolder: cacheFolder) : nil
    known = Mutex(Known(lanes: [0: try Self.lane(cudnn, on: device.stream)]))
  }

  private static func lane(_ cudnn: cudnn_graph, on stream: CUstream) throws(CUDAError) -> Lane {
    var handle: cudnnHandle_t?
    try check(cudnn, cudnn.cudnnCreate(&handle), "cudnnCreate")
    guard let handle else { throw .convolution(call: "cudnnCreate", status: 0, text: "no handle") }
    try check(cudnn, cudnn.cudnnSetStream(handle, stream), "cudnnSetStream")
    return Lane(handle: handle, stream: stream)
  }

  /// Puts a convolution into a queue.
  ///
  /// - Parameters:
  ///   - problem: Which of the tensors is computed.
  ///   - filter: `[O, KH, KW, I]`.
  func run(
    _ problem: ConvolutionProblem, input: CUDAElements, filter: CUDAElements, output: CUDAElements,
    on queue: CUDAQueue
  ) {
    // Promises are kept first, outside of the mutex.
    let (input, filter, output) = (input.made, filter.made, output.made)
    queue.recording?.note(problem, [input, filter, output], lane: queue.lane)
    queue.run { (stream) throws(CUDAError) in
      try known.withLock { (known) throws(CUDAError) in
        var lane: Lane
        if let made = known.lanes[queue.lane] {
          lane = made
        } else {
          lane = try Self.lane(cudnn, on: device.stream)
        }
        defer { known.lanes[queue.lane] = lane }
        if lane.stream != stream {
          try Self.check(cudnn, cudnn.cudnnSetStream(lane.handle, stream), "cudnnSetStream")
          lane.stream = stream
        }
        var plan: ConvolutionPlan
        if let made = lane.plans[problem] {
          plan = made
        } else {
          plan = try firstPlan(
            for: problem, lane.handle, input: input, filter: filter, output: output, on: queue)
          lane.plans[problem] = plan
        }
        while true {
          do throws(CUDAError) {
            return try execute(
              plan, lane.handle, input: input, filter: filter, output: output, on: queue,
              &known.packs)
          } catch {
            // An engine can be made ready and yet refuse to run; then the next one may.
            guard queue.recording?.isCapturing != true,
              let next = try? ConvolutionPlan(
                problem, precision, for: .handle(lane.handle), cudnn, from: plan.rank + 1)
            else { throw error }
            plan = next
            lane.plans[problem] = plan
            queue.recording?.mustBeRepeated = true
          }
        }
      }
    }
  }

  /// The engine to begin with: cuDNN's first, or the one that is fastest on these tensors.
  private func firstPlan(
    for problem: ConvolutionProblem, _ handle: cudnnHandle_t, input: CUDAElements,
    filter: CUDAElements, output: CUDAElements, on queue: CUDAQueue
  ) throws(CUDAError) -> ConvolutionPlan {
    if let known = trials?.known(problem, handle) { return known }
    // Nothing can be timed while a stream captures.
    if let trials, queue.recording?.isCapturing != true {
      let plan = try trials.fastest(for: problem, handle) { (plan, workspace) throws(CUDAError) in
        let pack = try pack(
          Pack(
            plan: ObjectIdentifier(plan.plan), input: input.address, filter: filter.address,
            output: output.address, workspace: workspace))
        try Self.check(
          cudnn, cudnn.cudnnBackendExecute(handle, plan.plan.raw, pack.raw), "cudnnBackendExecute")
      }
      if let plan { return plan }
    }
    return try ConvolutionPlan(problem, precision, for: .handle(handle), cudnn)
  }

  private func execute(
    _ plan: ConvolutionPlan, _ handle: cudnnHandle_t, input: CUDAElements, filter: CUDAElements,
    output: CUDAElements, on queue: CUDAQueue, _ packs: inout [Pack: Descriptor]
  ) throws(CUDAError) {
    let workspace =
      plan.workspaceBytes > 0 ? CUDAElements(bytes: plan.workspaceBytes, on: queue) : nil
    if let recording = queue.recording, recording.isAbandoned { return }
    let key = Pack(
      plan: ObjectIdentifier(plan.plan), input: input.address, filter: filter.address,
      output: output.address, workspace: workspace?.address ?? 0)
    let pack: Descriptor
    if let made = packs[key] {
      pack = made
    } else {
      pack = try self.pack(key)
      if packs.count == Self.mostPacks { packs = [:] }
      packs[key] = pack
    }
    queue.recording?.keep(pack)
    let status = withExtendedLifetime(workspace) {
      cudnn.cudnnBackendExecute(handle, plan.plan.raw, pack.raw)
    }
    try Self.check(cudnn, status, "cudnnBackendExecute")
  }

  private func pack(_ key: Pack) throws(CUDAError) -> Descriptor {
    typealias Name = ConvolutionPlan.TensorName
    let pack = try Descriptor(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, cudnn)
    try pack.set(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, [Name.input, Name.filter, Name.output])
    try pack.set(
      CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR,
      [key.input, key.filter, key.output])
    try pack.set(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, [key.workspace])
    try pack.finalize()
    return pack
  }

  private static func check(_ cudnn: cudnn_graph, _ status: cudnnStatus_t, _ call: String)
    throws(CUDAError)
  {
    guard Int(status) != CUDNN_STATUS_SUCCESS else { return }
    throw .convolution(
      call: call, status: status, text: CUDALibraries.words(cudnn.cudnnGetErrorString(status)))
  }
}
