import CCUDA
import Files
import Foundation
import Tensors

/// The kernels' text, and the machine code that NVRTC makes of it.
struct KernelProgram {
  /// The text of all kernels, one file after the other.
  static let source = [
    PackageResources.elements_cu, PackageResources.sums_cu, PackageResources.borders_cu,
    PackageResources.norm_cu, PackageResources.norm_whole_cu,
    PackageResources.pointwise_cu, PackageResources.adam_cu, PackageResources.moves_cu,
    PackageResources.unroll_cu,
  ].map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")

  /// What NVRTC is told, beside the architecture.
  private static let options = ["--std=c++17"]

  let compiler: nvrtc_compiler
  /// For example `sm_90`.
  let architecture: String

  /// The machine code, from the cache's folder if it has been compiled before.
  ///
  /// - Parameter folder: Nil to compile in any case and keep nothing.
  func machineCode(cachedIn folder: String?) throws(CUDAError) -> [UInt8] {
    let path = try folder.map { (folder) throws(CUDAError) in "\(folder)/\(try cacheName())" }
    if let path, let cached = FileManager.default.contents(atPath: path), !cached.isEmpty {
      return [UInt8](cached)
    }
    let code = try compiled().code
    // What cannot be kept is compiled again next time.
    if let folder, let path {
      try? NewFolder.create(folder)
      try? AtomicFile.write(code, to: path)
    }
    return code
  }

  /// Compiles.
  ///
  /// - Returns: The machine code, and what the compiler has to say about it.
  func compiled(extraOptions: [String] = []) throws(CUDAError) -> (code: [UInt8], log: String) {
    var program: nvrtcProgram?
    try check(
      compiler.nvrtcCreateProgram(&program, Self.source, "kernels.cu", 0, nil, nil),
      "nvrtcCreateProgram")
    defer { _ = compiler.nvrtcDestroyProgram(&program) }
    let options = ["--gpu-architecture=\(architecture)"] + Self.options + extraOptions
    let status = withCStrings(options) {
      compiler.nvrtcCompileProgram(program, Int32(options.count), $0)
    }
    var size = 0
    try check(compiler.nvrtcGetProgramLogSize(program, &size), "nvrtcGetProgramLogSize")
    var log = [CChar](repeating: 0, count: max(1, size))
    try check(compiler.nvrtcGetProgramLog(program, &log), "nvrtcGetProgramLog")
    let text = String(decoding: log.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard status == 0 else {
      throw .compiler(
        call: "nvrtcCompileProgram",
        text: "\(CUDALibraries.words(compiler.nvrtcGetErrorString(status)))\n\(text)")
    }
    try check(compiler.nvrtcGetCUBINSize(program, &size), "nvrtcGetCUBINSize")
    var code = [CChar](repeating: 0, count: size)
    try check(compiler.nvrtcGetCUBIN(program, &code), "nvrtcGetCUBIN")
    return (code.map { UInt8(bitPattern: $0) }, text)
  }

  /// A name that changes with the text, the compiler and the architecture.
  private func cacheName() throws(CUDAError) -> String {
    var major: Int32 = 0, minor: Int32 = 0
    try check(compiler.nvrtcVersion(&major, &minor), "nvrtcVersion")
    var hash = StableHash()
    hash.add(Self.source + Self.options.joined())
    return "kernels-\(String(hash.value, radix: 16))-nvrtc\(major).\(minor)-\(architecture).cubin"
  }

  private func check(_ status: nvrtcResult, _ call: String) throws(CUDAError) {
    guard status != 0 else { return }
    throw .compiler(call: call, text: CUDALibraries.words(compiler.nvrtcGetErrorString(status)))
  }

  /// Where machine code is kept: `$XDG_CACHE_HOME/cyclegan`, else `~/.cache/cyclegan`.
  static func cacheFolder(_ environment: [String: String]) -> String? {
    if let folder = environment["XDG_CACHE_HOME"], !folder.isEmpty { return folder + "/cyclegan" }
    return environment["HOME"].map { $0 + "/.cache/cyclegan" }
  }
}

/// Calls `body` with an array of C strings.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer { body($0.baseAddress!) }
}
