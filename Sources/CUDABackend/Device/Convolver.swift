import CCUDA
import Synchronization

/// cuDNN on one GPU: makes plans, keeps them, runs them.
///
/// `@unchecked Sendable`: cuDNN's handle is used inside the mutex only.
final class Convolver: @unchecked Sendable {
  private let device: CUDADevice
  private let handle: cudnnHandle_t
  let precision: CUDAPrecision
  private let plans = Mutex<[ConvolutionProblem: ConvolutionPlan]>([:])

  private var cudnn: cudnn_graph { device.libraries.cudnn }

  /// The oldest version that is known to take the descriptors as they are made here.
  private static let oldest = 90000
  /// This version numbers its enumerations in another way.
  private static let broken = 91000

  init(on device: CUDADevice, _ precision: CUDAPrecision) throws(CUDAError) {
    let cudnn = device.libraries.cudnn
    let version = cudnn.cudnnGetVersion()
    guard version >= Self.oldest, version / 10000 == 9, version != Self.broken else {
      throw .unusable(
        .cudnn, path: device.libraries.paths[.cudnn] ?? "",
        found: "\(version / 10000).\(version / 100 % 100).\(version % 100)",
        needed: "9.0 or newer, but not 9.10.0,")
    }
    device.makeCurrent()
    var handle: cudnnHandle_t?
    try Self.check(cudnn, cudnn.cudnnCreate(&handle), "cudnnCreate")
    guard let handle else { throw .convolution(call: "cudnnCreate", status: 0, text: "no handle") }
    try Self.check(cudnn, cudnn.cudnnSetStream(handle, device.stream), "cudnnSetStream")
    self.device = device
    self.precision = precision
    self.handle = handle
  }

  /// Puts a convolution into the queue.
  ///
  /// - Parameters:
  ///   - problem: Which of the tensors is computed.
  ///   - filter: `[O, KH, KW, I]`.
  func run(
    _ problem: ConvolutionProblem, input: CUDAElements, filter: CUDAElements, output: CUDAElements
  ) {
    device.makeCurrent()
    plans.withLock { plans in
      do throws(CUDAError) {
        let plan: ConvolutionPlan
        if let known = plans[problem] {
          plan = known
        } else {
          plan = try ConvolutionPlan(problem, precision, for: .handle(handle), cudnn)
          plans[problem] = plan
        }
        try execute(plan, input: input, filter: filter, output: output)
      } catch {
        fatalError("\(device.name): \(error)")
      }
    }
  }

  private func execute(
    _ plan: ConvolutionPlan, input: CUDAElements, filter: CUDAElements, output: CUDAElements
  ) throws(CUDAError) {
    let workspace =
      plan.workspaceBytes > 0 ? CUDAElements(bytes: plan.workspaceBytes, on: device) : nil
    typealias Name = ConvolutionPlan.TensorName
    let pack = try Descriptor(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, cudnn)
    try pack.set(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, [Name.input, Name.filter, Name.output])
    try pack.set(
      CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR,
      [input.address, filter.address, output.address])
    try pack.set(
      CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, [workspace?.address ?? 0])
    try pack.finalize()
    let status = withExtendedLifetime(workspace) {
      cudnn.cudnnBackendExecute(handle, plan.plan.raw, pack.raw)
    }
    try Self.check(cudnn, status, "cudnnBackendExecute")
  }

  private static func check(_ cudnn: cudnn_graph, _ status: cudnnStatus_t, _ call: String)
    throws(CUDAError)
  {
    guard Int(status) != CUDNN_STATUS_SUCCESS else { return }
    throw .convolution(
      call: call, status: status, text: CUDALibraries.words(cudnn.cudnnGetErrorString(status)))
  }
}
