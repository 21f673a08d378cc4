/// Why there is no computing on an NVIDIA GPU, or no longer.
public enum CUDAError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A library was found nowhere.
  case missing(CUDALibrary, attempts: [LibraryAttempt])
  /// A library lacks a function that is called.
  case incomplete(CUDALibrary, path: String, function: String)
  /// A library is older than this project needs, or known to be broken.
  case unusable(CUDALibrary, path: String, found: String, needed: String)
  /// The driver sees no GPU.
  case noGPU
  /// There are fewer GPUs than that.
  case unknownGPU(Int, count: Int)
  /// A GPU lacks something that is needed.
  case unfitGPU(String, lacking: String)
  /// A GPU is too old for a precision.
  case unfitPrecision(CUDAPrecision, gpu: String)
  /// The driver refused a call.
  case driver(call: String, status: Int32, text: String)
  /// The memory of a GPU is full.
  case outOfMemory(gpu: String, bytes: Int, freeBytes: Int)
  /// A tensor has more elements than kernels can count.
  case tooLarge(elements: Int)
  /// The kernels do not compile.
  case compiler(call: String, text: String)
  /// cuDNN refused a call.
  case convolution(call: String, status: Int32, text: String)
  /// cuDNN has nothing that computes a convolution as precisely as asked for.
  case noPlan(String)

  /// What is wrong, in a few words.
  public var summary: String {
    switch self {
    case .missing(.driver, _): "no NVIDIA driver"
    case .missing(let library, _): "no \(library.soname): --device cuda says where to get it"
    case .noGPU: "no NVIDIA GPU"
    default: "no GPU: \(description)"
    }
  }

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missing(let library, let attempts):
      "\(library.soname), \(library.purpose), was not found. \(library.remedy) Looked for at:\n"
        + attempts.map { "  \($0)" }.joined(separator: "\n")
    case .incomplete(let library, let path, let function):
      "\(path) lacks \(function). \(library.remedy)"
    case .unusable(let library, let path, let found, let needed):
      "\(path) is version \(found); \(needed) is needed. \(library.remedy)"
    case .noGPU:
      "NVIDIA's driver sees no GPU. CUDA_VISIBLE_DEVICES may hide it; nvidia-smi lists what there is."
    case .unknownGPU(let number, let count):
      "There is no cuda:\(number): the last of \(count) is cuda:\(count - 1)."
    case .unfitGPU(let name, let lacking): "\(name) lacks \(lacking). Use --device cpu."
    case .unfitPrecision(let precision, let gpu):
      """
      \(gpu) lacks compute capability \(precision.leastCapability.major).\
      \(precision.leastCapability.minor), which \(precision.rawValue) needs. \
      Use --precision float32.
      """
    case .driver(let call, let status, let text):
      "\(call) failed: \(text) (\(status))."
        + (status == 803 || status == 804
          ? " Driver and libcuda are of different versions: restart, or mend the container." : "")
    case .outOfMemory(let gpu, let bytes, let freeBytes):
      """
      The memory of \(gpu) is full: \(bytes >> 20) MiB were asked for and \(freeBytes >> 20) MiB are \
      free. Use a smaller --batch or --size, or --device cpu.
      """
    case .tooLarge(let elements):
      """
      A tensor of \(elements) elements is too large for a GPU's kernels, which count to \
      \(LaunchShape.elementLimit - 1). Use a smaller --batch or --size, or --device cpu.
      """
    case .compiler(let call, let text): "\(call) failed: \(text)"
    case .convolution(let call, let status, let text): "\(call) failed: \(text) (\(status))."
    case .noPlan(let problem): "cuDNN has no engine for \(problem)."
    }
  }
}

/// One of NVIDIA's libraries.
public enum CUDALibrary: String, CaseIterable, Sendable {
  /// What comes with the GPU's driver.
  case driver
  /// NVRTC, which compiles kernels.
  case compiler
  /// cuDNN, which convolves.
  case cudnn

  /// The name of the newest version that this project knows.
  public var soname: String { sonames[0] }

  /// What errors call it.
  var purpose: String {
    switch self {
    case .driver: "NVIDIA's driver"
    case .compiler: "NVIDIA's compiler of kernels"
    case .cudnn: "NVIDIA's convolutions"
    }
  }

  var remedy: String {
    switch self {
    case .driver: "Install NVIDIA's driver, 525 or newer, or use --device cpu."
    case .compiler: "Install it by: pip install nvidia-cuda-nvrtc."
    case .cudnn: "Install it by: pip install nvidia-cudnn-cu13 nvidia-cublas."
    }
  }

  /// Names of the versions that will do, the best first.
  var sonames: [String] {
    switch self {
    case .driver: ["libcuda.so.1"]
    case .compiler: ["libnvrtc.so.13", "libnvrtc.so.12"]
    case .cudnn: ["libcudnn.so.9"]
    }
  }

  /// Beginnings of the names of files in the same folder that must be opened before it, if they are there.
  ///
  /// NVRTC and cuDNN open these by their plain names, which finds them only once they are open, or
  /// finds others on LD_LIBRARY_PATH.
  var companions: [String] {
    switch self {
    case .driver: []
    case .compiler: ["libnvrtc-builtins.so."]
    case .cudnn:
      [
        "libcudnn_graph.so.9", "libcudnn_engines_precompiled.so.9",
        "libcudnn_engines_runtime_compiled.so.9", "libcudnn_engines_tensor_ir.so.9",
        "libcudnn_heuristic.so.9", "libcudnn_ext.so.9",
      ]
    }
  }
}

/// A place where a library was looked for in vain.
public struct LibraryAttempt: Hashable, Sendable, CustomStringConvertible {
  /// The file, or a name that the system's loader was asked for.
  public let path: String
  /// Why it is not there or cannot be opened.
  public let problem: String

  /// Path and problem on one line.
  public var description: String { "\(path): \(problem)" }
}
