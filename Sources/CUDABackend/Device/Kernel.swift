import CCUDA

/// A kernel by its name in `Kernels/`.
enum Kernel: String, CaseIterable {
  case sums = "sums_rows"
  case normStatistics = "norm_statistics"
  case normApply = "norm_apply"
  case normGradientSums = "norm_gradient_sums"
  case normGradient = "norm_gradient"
  case normBlock = "norm_block"
  case normCluster = "norm_cluster"
  case normGradientBlock = "norm_gradient_block"
  case normGradientCluster = "norm_gradient_cluster"
  case mirror = "borders_mirror"
  case fold = "borders_fold"
  case cut = "borders_cut"
  case map = "pointwise_map"
  case mapGradient = "pointwise_gradient"
  case combine = "pointwise_combine"
  case broadcast = "pointwise_broadcast"
  case affine = "pointwise_affine"
  case accumulate = "pointwise_accumulate"
  case adam = "adam_step"
  case blend = "pointwise_blend"
  case clip = "pointwise_clip"
  case channels = "moves_channels"
  case shift = "moves_shift"
  case filter = "moves_filter"
  case unroll = "unroll_rows"
  case unrollAdjoint = "unroll_adjoint"
  case unrollFilter = "unroll_filter"
  case unrollFilterAdjoint = "unroll_filter_adjoint"
}

/// What a kernel is given.
enum KernelArgument {
  /// A tensor's elements, which stay alive until the kernel has been launched.
  case elements(CUDAElements)
  /// The address of a kernel's own notes, or null.
  case notes(CUDAElements?)
  /// The zeros by which the blocks of a sum find their last one.
  case arrivals(CUDAQueue)
  /// A null address.
  case none
  /// An `unsigned`.
  case count(Int)
  /// An `int`.
  case signed(Int)
  /// A `float`.
  case float(Float)

  /// The address of elements, or null.
  static func optional(_ elements: CUDAElements?) -> KernelArgument {
    elements.map { .elements($0) } ?? .none
  }

  /// The argument's bytes, the lowest first.
  var bits: UInt64 {
    switch self {
    // As `Elements` in Kernels/elements.cu has it.
    case .elements(let elements): elements.address | (elements.format == .bfloat16 ? 1 : 0)
    case .notes(let notes): notes?.address ?? 0
    case .arrivals(let queue): queue.arrivals
    case .none: 0
    case .count(let count): UInt64(UInt32(count))
    case .signed(let number): UInt64(UInt32(bitPattern: Int32(number)))
    case .float(let number): UInt64(number.bitPattern)
    }
  }
}

/// How many blocks of how many threads.
struct LaunchShape {
  var grid: (x: Int, y: Int, z: Int)
  var block: (x: Int, y: Int) = (threads, 1)

  /// Threads of a block; as `THREADS` in Kernels/elements.cu.
  static let threads = 256
  /// Elements that a thread takes at once; as `GROUP` there.
  static let group = 8
  /// Tensors have fewer elements; an index is an `unsigned` there, and so is what lies a little behind.
  static let elementLimit = 1 << 31

  /// A thread for each of `count` elements.
  static func elements(_ count: Int) -> LaunchShape {
    requireCountable(count)
    return LaunchShape(grid: ((count + threads - 1) / threads, 1, 1))
  }

  /// A thread for each group of `count` elements.
  static func groups(_ count: Int) -> LaunchShape {
    requireCountable(count)
    return .elements((count + group - 1) / group)
  }

  /// Ends the process if kernels cannot count so many elements: pictures may be as large as that, and
  /// what makes tensors of them cannot throw.
  static func requireCountable(_ count: Int) {
    if count >= elementLimit { fatalError("\(CUDAError.tooLarge(elements: count))") }
  }
}

/// How elements are kept in a GPU's memory.
enum ElementFormat: Hashable, Sendable {
  case float32
  /// The upper half of a float: its range, and 8 bits of its digits.
  case bfloat16

  /// Bytes of an element.
  var stride: Int {
    switch self {
    case .float32: 4
    case .bfloat16: 2
    }
  }

  /// The format of what is made of two tensors: the shorter one, as both are activations.
  func joined(with other: ElementFormat) -> ElementFormat {
    self == .bfloat16 || other == .bfloat16 ? .bfloat16 : .float32
  }
}
