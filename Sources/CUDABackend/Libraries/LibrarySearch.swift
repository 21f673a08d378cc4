import Foundation

/// Opens shared libraries and keeps them open, as long as the process lives.
///
/// Folders are looked through in this order: those that `CYCLEGAN_CUDA_LIBRARIES` names; what is
/// open already; beside the program; Python's packages; wherever the system's loader looks; the
/// toolkit's usual folders.
struct LibrarySearch {
  /// A library that has been opened.
  struct Found {
    let handle: UnsafeMutableRawPointer
    /// The file, or the name by which the loader found it.
    let path: String
  }

  private let named: [String]
  private let beside: [String]
  private let python: [String]
  private let usual: [String]

  /// Finds out where to look.
  ///
  /// - Parameters:
  ///   - environment: The process's variables.
  ///   - program: The program's own file.
  init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    program: String = Bundle.main.executablePath ?? ""
  ) {
    named = (environment["CYCLEGAN_CUDA_LIBRARIES"] ?? "").split(separator: ":").map(String.init)
    let folder = URL(fileURLWithPath: program).deletingLastPathComponent().path
    beside = [folder, folder + "/../lib"]
    python = Self.pythonFolders(environment)
    usual =
      Self.folders(in: "/usr/local", startingWith: "cuda").flatMap {
        [$0 + "/lib64", $0 + "/targets/x86_64-linux/lib"]
      } + ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib/wsl/lib"]
  }

  /// Opens a library of NVIDIA's with what must be open before it.
  func open(_ library: CUDALibrary) throws(CUDAError) -> Found {
    var attempts: [LibraryAttempt] = []
    for soname in library.sonames {
      if let found = open(soname, after: library.companions, &attempts) { return found }
    }
    throw .missing(library, attempts: attempts)
  }

  /// Opens a library under one name.
  ///
  /// - Parameters:
  ///   - companions: See `CUDALibrary.companions`.
  ///   - attempts: Gets the places where it was not.
  func open(_ soname: String, after companions: [String] = [], _ attempts: inout [LibraryAttempt])
    -> Found?
  {
    func inFolders(_ folders: [String]) -> Found? {
      for folder in folders {
        let path = "\(folder)/\(soname)"
        guard FileManager.default.fileExists(atPath: path) else {
          attempts.append(LibraryAttempt(path: path, problem: "no such file"))
          continue
        }
        for companion in companions {
          for file in Self.folders(in: folder, startingWith: companion) {
            _ = dynamicLibrary(file)
          }
        }
        switch dynamicLibrary(path) {
        case .success(let handle): return Found(handle: handle, path: path)
        case .failure(let attempt): attempts.append(attempt)
        }
      }
      return nil
    }
    if let found = inFolders(named) { return found }
    if case .success(let handle) = dynamicLibrary(soname, onlyIfOpen: true) {
      return Found(handle: handle, path: soname)
    }
    if let found = inFolders(beside + python) { return found }
    switch dynamicLibrary(soname) {
    case .success(let handle): return Found(handle: handle, path: soname)
    case .failure(let attempt): attempts.append(attempt)
    }
    return inFolders(usual)
  }

  /// Where NVIDIA's packages for Python put their libraries.
  private static func pythonFolders(_ environment: [String: String]) -> [String] {
    var prefixes = ["VIRTUAL_ENV", "CONDA_PREFIX"].compactMap { environment[$0] }
    let programs = (environment["PATH"] ?? "").split(separator: ":")
    // A virtual environment's python3 is a link, and its folder counts, not the link's target.
    if let folder = programs.first(where: {
      FileManager.default.isExecutableFile(atPath: "\($0)/python3")
    }) {
      prefixes.append(URL(fileURLWithPath: String(folder)).deletingLastPathComponent().path)
    }
    prefixes += ["/usr/local", "/usr"]
    if let home = environment["HOME"] { prefixes.append(home + "/.local") }
    var seen: Set<String> = []
    return prefixes.filter { seen.insert($0).inserted }.flatMap { prefix in
      folders(in: prefix + "/lib", startingWith: "python3").flatMap { python in
        ["site-packages", "dist-packages"].flatMap { packages in
          ["cu13", "cuda_nvrtc", "cudnn", "cublas"].map { "\(python)/\(packages)/nvidia/\($0)/lib" }
        }
      }
    }.filter { FileManager.default.fileExists(atPath: $0) }
  }

  private static func folders(in folder: String, startingWith name: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(name) }.sorted().map { "\(folder)/\($0)" }
  }
}

extension LibraryAttempt: Error {}
