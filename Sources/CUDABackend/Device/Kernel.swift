import CCUDA
import Tensors

/// A kernel by its name in `Kernels/`.
enum Kernel: String, CaseIterable {
  case sumsParts = "sums_parts"
  case sumsTotal = "sums_total"
  case normParts = "norm_parts"
  case normStatistics = "norm_statistics"
  case normApply = "norm_apply"
  case normGradientParts = "norm_gradient_parts"
  case normGradientSums = "norm_gradient_sums"
  case normGradient = "norm_gradient"
  case map = "pointwise_map"
  case mapGradient = "pointwise_gradient"
  case combine = "pointwise_combine"
  case broadcast = "pointwise_broadcast"
  case affine = "pointwise_affine"
  case accumulate = "pointwise_accumulate"
  case adam = "pointwise_adam"
  case blend = "pointwise_blend"
  case clip = "pointwise_clip"
  case channels = "moves_channels"
  case shift = "moves_shift"
  case mirror = "moves_mirror"
  case mirrorAdjoint = "moves_mirror_adjoint"
  case filter = "moves_filter"
}

/// What a kernel is given.
enum KernelArgument {
  /// The address of elements, which stay alive until the kernel has been launched.
  case elements(CUDAElements)
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
    case .elements(let elements): elements.address
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
  var block: (x: Int, y: Int) = (256, 1)

  /// A thread for each of `count` elements.
  static func elements(_ count: Int) -> LaunchShape {
    precondition(count < 1 << 31, "\(count) elements at once; kernels count to 2³¹")
    return LaunchShape(grid: ((count + 255) / 256, 1, 1))
  }
}

/// A tensor's elements, or a kernel's own notes, in a GPU's memory.
final class CUDAElements: DeviceElements {
  let device: CUDADevice
  let address: CUdeviceptr

  /// Takes memory; the contents are undefined.
  init(bytes: Int, on device: CUDADevice) {
    self.device = device
    address = device.allocate(bytes)
  }

  convenience init(floats count: Int, on device: CUDADevice) {
    self.init(bytes: count * MemoryLayout<Float>.stride, on: device)
  }

  // The device uses memory in the order in which it was asked to, so whatever was launched before
  // still finds its own.
  deinit { device.free(address) }

  func copy(to target: UnsafeMutablePointer<Float>, count: Int) {
    device.download(self, to: target, bytes: count * MemoryLayout<Float>.stride)
  }
}
