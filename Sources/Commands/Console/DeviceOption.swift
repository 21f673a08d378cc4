import ArgumentParser
import CycleGANKit

/// `--device`, `--precision` and `--engines`, as the commands that compute have them.
struct DeviceOption: ParsableArguments {
  /// Where to compute.
  enum Device: ExplainedArgument, Equatable {
    static let rule = "cpu, auto, cuda or cuda:N, counted from 0"

    /// On an NVIDIA GPU where one can be used, else on the processor.
    case auto
    /// On the processor.
    case cpu
    /// On an NVIDIA GPU, counted from 0.
    case cuda(Int)

    init?(argument: String) {
      switch argument {
      case "auto": self = .auto
      case "cpu": self = .cpu
      case "cuda": self = .cuda(0)
      default:
        guard argument.hasPrefix("cuda:"), let number = Int(argument.dropFirst(5)), number >= 0
        else { return nil }
        self = .cuda(number)
      }
    }
  }

  @Option(
    help: """
      Where to compute: cpu, cuda, cuda:N, or auto: an NVIDIA GPU where one can be used. \
      (default: cpu)
      """, transform: Device.read)
  var device: Device?

  @Option(
    help: "A GPU's convolutions: float32, or on tensor cores tf32 or bfloat16. (default: float32)")
  var precision: CUDAPrecision?

  @Option(
    help: """
      A GPU's convolutions: recommended, by the engine that cuDNN suggests, or timed, by the \
      fastest of several, tried once for each size. (default: recommended)
      """)
  var engines: CUDAEngines?

  /// A backend, and what there is to say about the choice.
  struct Choice {
    let backend: any Backend
    /// The device, and why it is not a GPU where that was left open.
    let words: String
  }

  /// Opens the device.
  ///
  /// - Parameters:
  ///   - otherwise: Where to compute if nothing was said.
  ///   - processor: Makes the backend on the processor.
  /// - Throws: `CUDAError` if a GPU was asked for and cannot be used; `ValidationError` if a GPU's
  ///   precision or engines were asked of the processor.
  func choose(otherwise: Device = .cpu, _ processor: () -> CPUBackend) throws -> Choice {
    switch device ?? otherwise {
    case .cpu:
      guard precision == nil else {
        throw ValidationError("--precision is for GPUs; the processor computes in float32.")
      }
      guard engines == nil else {
        throw ValidationError("--engines is for GPUs; leave it out, or name one by --device.")
      }
      return Choice(processor())
    case .cuda(let number): return Choice(try gpu(number))
    case .auto:
      do {
        return Choice(try gpu(0))
      } catch {
        return Choice(processor(), insteadOfGPU: error)
      }
    }
  }

  private func gpu(_ number: Int) throws(CUDAError) -> CUDABackend {
    try CUDABackend(
      number: number, precision: precision ?? .float32, engines: engines ?? .recommended,
      note: Console.note)
  }
}

extension DeviceOption.Choice {
  fileprivate init(_ backend: any Backend, insteadOfGPU error: CUDAError? = nil) {
    self.backend = backend
    words = backend.description + (error.map { " (\($0.summary))" } ?? "")
  }
}

extension CUDAPrecision: ExpressibleByArgument {}
extension CUDAEngines: ExpressibleByArgument {}
