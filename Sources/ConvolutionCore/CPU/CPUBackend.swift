import CKernels
import Tensors

/// The backend on this machine's processor: vector kernels chosen at run time, a pool of threads.
public struct CPUBackend: Backend {
  /// Which instruction set the kernels use.
  public enum InstructionSet: String, CaseIterable, Sendable {
    /// Plain C, for any processor.
    case portable
    /// NEON of 64-bit ARM.
    case neon
    /// AVX2 with fused multiply-add.
    case avx2
    /// AVX-512 (F, DQ, VL).
    case avx512

    fileprivate var table: UnsafePointer<kernels_table>? {
      switch self {
      case .portable: kernels_for(KERNELS_REFERENCE)
      case .neon: kernels_for(KERNELS_NEON)
      case .avx2: kernels_for(KERNELS_AVX2)
      case .avx512: kernels_for(KERNELS_AVX512)
      }
    }

    /// Whether this processor has it.
    public var isAvailable: Bool { table != nil }

    /// The widest that this processor has.
    public static var best: InstructionSet { allCases.last { $0.isAvailable } ?? .portable }
  }

  /// How stride-1 convolutions are computed.
  public enum Algorithm: String, CaseIterable, Sendable {
    /// The fastest for each layer.
    case auto
    /// Multiply by multiply, for comparison.
    case direct
    /// Winograd F(2×2, 3×3) where it applies.
    case winograd2
    /// Winograd F(4×4, 3×3) and F(3×3, 4×4) where they apply.
    case winograd4
  }

  /// What of the processor's memory the large convolutions count on.
  struct Caches {
    /// Floats that stay in shared caches even where neighbours are busy: 5 MiB.
    var sharedFloats = 5 << 18
    /// Floats of the tiles that are transformed at a time: 9 MiB.
    var blockFloats = 9 << 18
  }

  /// The threads that share the work.
  public let pool: ThreadPool
  /// The instruction set in use.
  public let instructionSet: InstructionSet
  /// The algorithm asked for.
  public let algorithm: Algorithm
  let kernels: Kernels
  let caches: Caches

  /// Creates a backend.
  ///
  /// - Parameters:
  ///   - threads: nil for one for each core that may be used.
  ///   - instructionSet: nil for the best; traps if this processor lacks it.
  public init(
    threads: Int? = nil, instructionSet: InstructionSet? = nil, algorithm: Algorithm = .auto
  ) {
    self.init(
      threads: threads, instructionSet: instructionSet, algorithm: algorithm, caches: Caches())
  }

  /// Creates a backend that counts on other caches.
  init(
    threads: Int? = nil, instructionSet: InstructionSet? = nil, algorithm: Algorithm = .auto,
    caches: Caches
  ) {
    pool = ThreadPool(threads: threads ?? SystemCores.count)
    self.instructionSet = instructionSet ?? .best
    self.algorithm = algorithm
    guard let table = self.instructionSet.table else {
      preconditionFailure("this processor lacks \(self.instructionSet)")
    }
    kernels = Kernels(pointer: table)
    self.caches = caches
  }

  private init(_ whole: CPUBackend, on pool: ThreadPool) {
    self.pool = pool
    instructionSet = whole.instructionSet
    algorithm = whole.algorithm
    kernels = whole.kernels
    caches = whole.caches
  }

  /// See `Backend.concurrently`: each work has half of the threads.
  public func concurrently(_ first: (any Backend) -> Void, _ second: (any Backend) -> Void) {
    let (left, right) = pool.halves
    pool.forEach(2) { index in
      if index == 0 {
        first(CPUBackend(self, on: left))
      } else {
        second(CPUBackend(self, on: right))
      }
    }
  }

  /// For example `CPU, AVX2, 2 threads`.
  public var description: String {
    "CPU, \(String(cString: kernels.table.name)), \(pool.threads) thread\(pool.threads == 1 ? "" : "s")"
  }
}

/// The C kernels of one instruction set.
///
/// `@unchecked Sendable`: function pointers and a constant string, never written.
struct Kernels: @unchecked Sendable {
  fileprivate let pointer: UnsafePointer<kernels_table>

  var table: kernels_table { pointer.pointee }
}
