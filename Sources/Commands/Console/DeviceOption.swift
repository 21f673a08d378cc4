import ArgumentParser
import CycleGANKit

/// `--device` and `--precision`, as the commands that compute have them.
struct DeviceOption: ParsableArguments {
  /// Where to compute.
  enum Device: ExpressibleByArgument, Equatable {
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
      Where to compute: auto, cpu, cuda or cuda:N. auto is an NVIDIA GPU where one can be used.
      """)
  var device: Device?

  @Option(help: "A GPU's convolutions: float32, or tf32 on tensor cores. (default: float32)")
  var precision: CUDAPrecision?

  func validate() throws {
    if device == .cpu, precision != nil {
      throw ValidationError("--precision is for GPUs; the processor computes in float32.")
    }
  }

  /// A backend, and what there is to say about the choice.
  struct Choice {
    let backend: any Backend
    /// The device, and why it is not a GPU where that was left open.
    let words: String
  }

  /// Opens the device.
  ///
  /// - Parameter processor: Makes the backend on the processor.
  /// - Throws: `CUDAError` if a GPU was asked for and cannot be used.
  func choose(_ processor: () -> CPUBackend) throws -> Choice {
    switch device ?? .auto {
    case .cpu: return Choice(processor())
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
    try CUDABackend(number: number, precision: precision ?? .float32)
  }
}

extension DeviceOption.Choice {
  fileprivate init(_ backend: any Backend, insteadOfGPU error: CUDAError? = nil) {
    self.backend = backend
    words = backend.description + (error.map { " (\($0.summary))" } ?? "")
  }
}

extension CUDAPrecision: ExpressibleByArgument {}
