import CCUDA
import ConvolutionCore
import Foundation
import GANs
import Tensors
import Testing

@testable import CUDABackend

/// With NVIDIA's own compiler and planner, which need no GPU; Docs/GPU.md says how to install them.
@Suite("NVIDIA's own libraries, where they are installed")
struct VendorTests {
  private static let search = LibrarySearch()
  private static let hasCompiler = (try? CUDALibraries.compilerAlone(search)) != nil
  private static let hasPlanner = (try? CUDALibraries.cudnnAlone(search)) != nil

  @Test(
    "NVRTC compiles every kernel, and what threads hold is in registers",
    .enabled(if: hasCompiler, "NVRTC is not installed: pip install nvidia-cuda-nvrtc"),
    arguments: ["sm_80", "sm_90"])
  func kernels(architecture: String) throws {
    let program = KernelProgram(
      compiler: try CUDALibraries.compilerAlone(Self.search), architecture: architecture)
    let (code, log) = try program.compiled(extraOptions: ["--ptxas-options=-v"])
    #expect(code.starts(with: [0x7f, 0x45, 0x4c, 0x46]), "machine code is an ELF file")
    for kernel in Kernel.allCases { #expect(log.contains("'\(kernel.rawValue)'")) }
    let spills = log.matches(of: #/(\d+) bytes spill stores/#)
    #expect(spills.count >= Kernel.allCases.count && spills.allSatisfy { $0.1 == "0" }, "\(log)")
    // Arrays with changing indices would lie there, in memory.
    let frames = log.matches(of: #/(\d+) bytes stack frame/#)
    #expect(frames.count == spills.count && frames.allSatisfy { $0.1 == "0" }, "\(log)")
  }

  @Test(
    "cuDNN plans every convolution of the networks, as strictly as asked for",
    .enabled(
      if: hasPlanner, "cuDNN is not installed: pip install nvidia-cudnn-cu13 nvidia-cublas"),
    arguments: CUDAPrecision.allCases, [1, 2, 8])
  func plans(precision: CUDAPrecision, batch: Int) throws {
    let cudnn = try CUDALibraries.cudnnAlone(Self.search)
    let target = try PlanTarget.described(Self.h200, cudnn)
    for problem in Self.problems(batch: batch, precision.activations) {
      let plan = try ConvolutionPlan(problem, precision, for: target, cudnn)
      #expect(plan.workspaceBytes >= 0)
    }
  }

  @Test(
    "cuDNN recommends engines in the same order each time",
    .enabled(
      if: hasPlanner, "cuDNN is not installed: pip install nvidia-cudnn-cu13 nvidia-cublas"),
    arguments: CUDAPrecision.allCases)
  func ranks(precision: CUDAPrecision) throws {
    let cudnn = try CUDALibraries.cudnnAlone(Self.search)
    let target = try PlanTarget.described(Self.h200, cudnn)
    for problem in Self.problems(batch: 1, precision.activations) {
      let plans = try ConvolutionPlan.recommended(
        problem, precision, for: target, cudnn, ranks: 0..<16)
      #expect(plans.map(\.rank) == Array(0..<plans.count))
      for plan in plans {
        let again = try ConvolutionPlan(problem, precision, for: target, cudnn, from: plan.rank)
        #expect(again.workspaceBytes == plan.workspaceBytes)
      }
    }
  }

  /// The convolutions of the reference's networks at 256×256, in all three verbs, as the backend
  /// asks for them.
  private static func problems(batch: Int, _ format: ElementFormat) -> [ConvolutionProblem] {
    let layers: [(size: Int, from: Int, to: Int, kernel: Int, spec: ConvolutionSpec)] = [
      (256, 3, 64, 7, .init(padding: .reflect(3))), (256, 64, 3, 7, .init(padding: .reflect(3))),
      (256, 64, 128, 3, .init(stride: 2, padding: .zero(1))),
      (128, 128, 256, 3, .init(stride: 2, padding: .zero(1))),
      (64, 256, 256, 3, .init(padding: .reflect(1))),
      (256, 3, 64, 4, .init(stride: 2, padding: .zero(1))),
      (128, 64, 128, 4, .init(stride: 2, padding: .zero(1))),
      (64, 128, 256, 4, .init(stride: 2, padding: .zero(1))),
      (32, 256, 512, 4, .init(padding: .zero(1))), (31, 512, 1, 4, .init(padding: .zero(1))),
      (1, 100, 33, 1, .init()),
      // Pictures of one channel, and zeros around them.
      (64, 1, 32, 7, .init(padding: .zero(3))), (64, 32, 1, 7, .init(padding: .zero(3))),
    ]
    return layers.flatMap { layer in
      let input: Shape = [batch, layer.size, layer.size, layer.from]
      let filter: Shape = [layer.from, layer.kernel, layer.kernel, layer.to]
      let unrolling = RowUnrolling(input: input, filter: filter, layer.spec)
      #expect((unrolling != nil) == (layer.kernel == 7))
      return ConvolutionProblem.Verb.allCases.map { verb in
        unrolling?.problem(verb, format)
          ?? ConvolutionProblem(verb, input, filter, layer.spec, format)
      }
    }
  }

  /// An H200 as cuDNN would describe it; the numbers are those of NVIDIA's data sheet.
  private static let h200 = """
    {"maxGridSize": [2147483647, 65535, 65535], "maxBlockSize": [1024, 1024, 64], \
    "regsPerBlock": 65536, "multiProcessorCount": 132, "warpSize": 32, \
    "maxSharedMemoryPerBlock": 49152, "maxSharedMemoryPerBlockOptin": 232448, \
    "reservedSharedMemoryPerBlock": 1024, "maxRegistersPerSM": 65536, "maxCtasPerSM": 32, \
    "maxThreadsPerBlock": 1024, "maxThreadsPerSM": 2048, "pciDeviceId": 0, "isTccDriver": 0, \
    "supportCoopLaunch": 1, "totalGlobalMem": 150754820096, "smClockRateKHz": 1980000, \
    "memClockRateKHz": 3201000, "memoryBusWidth": 6144, "l2CacheSize": 62914560, \
    "cudaDeviceId": 0, "deviceVer": 900, "driverVer": 13000, "deviceName": "NVIDIA H200"}
    """
}
