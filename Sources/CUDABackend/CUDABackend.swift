import ConvolutionCore
import Foundation
import Tensors

/// The backend on an NVIDIA GPU: cuDNN's convolutions and kernels of its own.
///
/// Nothing of NVIDIA's is needed to build it; the libraries are opened when one is made. Tensors
/// stay in the GPU's memory until somebody reads their elements. Works are queued in the order in
/// which they are asked for, and sums are added up in an order that depends on shapes alone: the
/// same bits from run to run on one kind of GPU. Weights and what is summed up are float32 in every
/// precision; activations are what `CUDAPrecision` says.
public struct CUDABackend: Backend {
  /// How exactly convolutions multiply.
  public var precision: CUDAPrecision { convolver.precision }

  /// What convolutions read and write.
  var activations: ElementFormat { precision.activations }

  let device: CUDADevice
  /// Whether norms may be computed by clusters of blocks; a test may say no.
  var hasClusters: Bool
  let convolver: Convolver
  let tables: UploadedTables
  /// Where work goes.
  private(set) var queue: CUDAQueue
  /// Whether works that are repeated become graphs, and who is told if one cannot.
  let graphs: GraphUse

  /// Opens NVIDIA's libraries and a GPU.
  ///
  /// - Parameters:
  ///   - number: Which GPU, counted from 0.
  ///   - precision: How exactly convolutions multiply.
  ///   - engines: How an engine of cuDNN's is found for a convolution.
  ///   - environment: The process's variables; `CYCLEGAN_CUDA_LIBRARIES` may name folders to look
  ///     for libraries in, `XDG_CACHE_HOME` the place where compiled kernels and the fastest engines
  ///     are kept, and `CYCLEGAN_CUDA_GRAPHS=off` has every kernel launched by itself.
  ///   - reusesMemory: False to give memory back to the driver at once, and to fill that of graphs
  ///     with NaN before they are replayed, for tests that watch it.
  ///   - note: Told what is slower than it might be, and why.
  public init(
    number: Int = 0, precision: CUDAPrecision = .float32, engines: CUDAEngines = .recommended,
    environment: [String: String] = ProcessInfo.processInfo.environment,
    reusesMemory: Bool = true, note: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(CUDAError) {
    let libraries = try CUDALibraries(LibrarySearch(environment: environment))
    let cacheFolder = KernelProgram.cacheFolder(environment)
    device = try CUDADevice(
      number, libraries, for: precision, cacheFolder: cacheFolder, reusesMemory: reusesMemory)
    hasClusters = device.runsClusters
    convolver = try Convolver(on: device, precision, engines: engines, cacheFolder: cacheFolder)
    tables = UploadedTables()
    queue = CUDAQueue(device)
    graphs = GraphUse(isOn: environment["CYCLEGAN_CUDA_GRAPHS"] != "off", note: note)
  }

  /// The same backend, whose work goes elsewhere.
  init(_ backend: CUDABackend, on queue: CUDAQueue) {
    self = backend
    self.queue = queue
  }

  /// For example `NVIDIA H200 (cuda:0), float32`, and whether engines are timed.
  public var description: String {
    "\(device.name) (cuda:\(device.ordinal)), \(precision.rawValue)"
      + (convolver.timesEngines ? ", timed engines" : "")
  }

  /// A GPU has more than a hundred multiprocessors, and the layers inside a generator 64 tiles.
  public var isFilledByOnePicture: Bool { false }

  /// Never: what a norm measured, which its gradient needs, keeps its result as well.
  public var remadeFrom: Int { .max }

  /// Where the libraries were found, the GPU's abilities and its memory, a line each.
  public var details: [String] {
    CUDALibrary.allCases.map { "\($0.rawValue): \(device.libraries.paths[$0] ?? "")" } + [
      "cuDNN: \(device.libraries.cudnn.cudnnGetVersion())",
      "compute capability: \(device.capability.major).\(device.capability.minor)",
      "memory: \(device.memoryBytes >> 20) MiB",
      "clusters for norms: \(hasClusters ? "\(CUDADevice.blocksOfCluster) blocks" : "none")",
    ]
  }

  /// See `Backend.concurrently`: two branches of a graph; one after the other outside of graphs, where
  /// one stream keeps the GPU busy.
  public func concurrently(_ first: (any Backend) -> Void, _ second: (any Backend) -> Void) {
    guard let beside = queue.beside, let recording = queue.recording else {
      first(self)
      second(self)
      return
    }
    recording.fork {
      queue.goesBefore(beside)
      first(self)
      second(CUDABackend(self, on: beside))
      recording.keepPromises(ofLane: beside.lane)
      beside.goesBefore(queue)
    }
  }

  /// How often a work that is repeated was done by launching a graph.
  public var graphLaunches: Int { device.repetition.graphLaunches }

  /// The most bytes of the GPU's memory that were in use at once since `forgetPeakMemory`, weights,
  /// scratch memory and what graphs keep to themselves included, the driver's and the libraries' own
  /// needs not.
  public var peakMemoryBytes: Int { device.peakMemoryBytes }

  /// Begins to measure the most memory anew.
  public func forgetPeakMemory() { device.forgetPeakMemory() }

  /// See `Backend.synchronize`.
  public func synchronize() {
    device.repetition.recording?.abandon("it waits for the GPU")
    device.driver.synchronize()
  }
}

// MARK: - Tensors

extension CUDABackend {
  /// A tensor on this GPU and its elements, which a kernel is yet to write.
  func makeTensor(_ shape: Shape, _ format: ElementFormat = .float32) -> (
    tensor: Tensor, elements: CUDAElements
  ) {
    let elements = CUDAElements(count: shape.count, format, on: queue)
    return (Tensor(shape, on: elements), elements)
  }

  /// The elements of a tensor on this GPU.
  func elements(_ tensor: Tensor) -> CUDAElements {
    tensor.elements(where: isHere) { upload($0, count: tensor.count) }
  }

  /// The elements of a tensor on this GPU, to be written.
  func mutableElements(_ tensor: inout Tensor) -> CUDAElements {
    let count = tensor.count
    let elements = tensor.mutableElements(
      where: isHere, upload: { upload($0, count: count) }, copy: { copy($0, count: count) })
    elements.promise?.settle()
    queue.recording?.requireOwn(elements)
    return elements
  }

  /// The same elements once more.
  func copy(_ source: CUDAElements, count: Int) -> CUDAElements {
    let copied = CUDAElements(count: count, source.format, on: queue)
    queue.copy(source, bytes: count * source.format.stride, to: copied)
    return copied
  }

  private func isHere(_ elements: CUDAElements) -> Bool { elements.device === device }

  private func upload(_ source: UnsafePointer<Float>, count: Int) -> CUDAElements {
    let uploaded = CUDAElements(count: count, on: queue)
    queue.upload(source, bytes: count * MemoryLayout<Float>.stride, to: uploaded)
    return uploaded
  }
}
