import CCUDA
import Glibc

// Opened libraries and their functions.

/// Opens a shared library; it stays open.
///
/// - Parameters:
///   - path: A file, or a name for the system's loader.
///   - onlyIfOpen: Whether to succeed only if the process has it open already.
func dynamicLibrary(_ path: String, onlyIfOpen: Bool = false)
  -> Result<UnsafeMutableRawPointer, LibraryAttempt>
{
  let mode = RTLD_NOW | RTLD_LOCAL | (onlyIfOpen ? RTLD_NOLOAD : 0)
  if let handle = dlopen(path, mode) { return .success(handle) }
  let problem = dlerror().map { String(cString: $0) } ?? "not open"
  // The loader's message often begins with the path, which is said already.
  let plain = problem.hasPrefix(path + ": ") ? String(problem.dropFirst(path.count + 2)) : problem
  return .failure(LibraryAttempt(path: path, problem: plain))
}

/// The functions of NVIDIA's three libraries.
///
/// `@unchecked Sendable`: function pointers, never written after `init`.
final class CUDALibraries: @unchecked Sendable {
  let driver: cuda_driver
  let compiler: nvrtc_compiler
  let cudnn: cudnn_graph
  /// Where each was found.
  let paths: [CUDALibrary: String]

  /// Opens all three, or says which one is missing and where it was looked for.
  init(_ search: LibrarySearch = LibrarySearch()) throws(CUDAError) {
    let driver = try search.open(.driver)
    self.driver = try Self.bound(cuda_driver(), driver, .driver, cuda_driver_bind)
    let compiler = try search.open(.compiler)
    self.compiler = try Self.bound(nvrtc_compiler(), compiler, .compiler, nvrtc_compiler_bind)
    // cuDNN asks for it by its plain name, and lies in another folder.
    var ignored: [LibraryAttempt] = []
    _ = search.open("libcublasLt.so.13", &ignored) ?? search.open("libcublasLt.so.12", &ignored)
    let cudnn = try search.open(.cudnn)
    self.cudnn = try Self.bound(cudnn_graph(), cudnn, .cudnn, cudnn_graph_bind)
    paths = [.driver: driver.path, .compiler: compiler.path, .cudnn: cudnn.path]
  }

  /// cuDNN alone, to plan convolutions without a GPU.
  static func cudnnAlone(_ search: LibrarySearch) throws(CUDAError) -> cudnn_graph {
    var ignored: [LibraryAttempt] = []
    _ = search.open("libcublasLt.so.13", &ignored) ?? search.open("libcublasLt.so.12", &ignored)
    return try bound(cudnn_graph(), search.open(.cudnn), .cudnn, cudnn_graph_bind)
  }

  /// NVRTC alone, to compile kernels without a GPU.
  static func compilerAlone(_ search: LibrarySearch) throws(CUDAError) -> nvrtc_compiler {
    try bound(nvrtc_compiler(), search.open(.compiler), .compiler, nvrtc_compiler_bind)
  }

  /// What a library says of an error.
  static func words(_ text: UnsafePointer<CChar>?) -> String {
    text.map { String(cString: $0) } ?? "an unknown error"
  }

  private static func bound<Table>(
    _ empty: Table, _ found: LibrarySearch.Found, _ library: CUDALibrary,
    _ bind: (UnsafeMutablePointer<Table>?, UnsafeMutableRawPointer?) -> UnsafePointer<CChar>?
  ) throws(CUDAError) -> Table {
    var table = empty
    if let missing = bind(&table, found.handle) {
      throw .incomplete(library, path: found.path, function: String(cString: missing))
    }
    return table
  }
}
