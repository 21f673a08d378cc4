import Foundation
import TestSupport
import Testing

@testable import CUDABackend

@Suite("NVIDIA's libraries")
struct LibraryTests {
  @Test("One that is missing is named, with all places where it was looked for")
  func missing() throws {
    try withTemporaryFolder { folder in
      let search = LibrarySearch(
        environment: ["CYCLEGAN_CUDA_LIBRARIES": folder], program: "/nowhere/cyclegan")
      var attempts: [LibraryAttempt] = []
      #expect(search.open("libnothing.so.1", &attempts) == nil)
      let paths = attempts.map(\.path)
      #expect(paths.first == "\(folder)/libnothing.so.1")
      #expect(paths.contains("/nowhere/libnothing.so.1"))
      #expect(paths.contains("libnothing.so.1"))
      #expect(paths.contains("/usr/lib/x86_64-linux-gnu/libnothing.so.1"))
      let words = CUDAError.missing(.cudnn, attempts: attempts).description
      #expect(words.contains("pip install nvidia-cudnn-cu13"))
      for path in paths { #expect(words.contains("  \(path): ")) }
    }
  }

  @Test("Python's packages are looked through, of the environment first")
  func python() throws {
    try withTemporaryFolder { folder in
      let packages = "\(folder)/lib/python3.12/site-packages/nvidia/cudnn/lib"
      try FileManager.default.createDirectory(
        atPath: packages, withIntermediateDirectories: true)
      try Data("no library".utf8).write(to: URL(fileURLWithPath: "\(packages)/libnothing.so.1"))
      var attempts: [LibraryAttempt] = []
      let search = LibrarySearch(environment: ["VIRTUAL_ENV": folder], program: "/nowhere/cyclegan")
      #expect(search.open("libnothing.so.1", &attempts) == nil)
      let attempt = try #require(attempts.first { $0.path == "\(packages)/libnothing.so.1" })
      #expect(attempt.problem != "no such file" && !attempt.problem.hasPrefix(packages))
    }
  }

  @Test("One that lacks a function is refused by its name")
  func incomplete() throws {
    try withTemporaryFolder { folder in
      // A library of the system's under the driver's name.
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/libcuda.so.1", withDestinationPath: Self.someLibrary())
      let search = LibrarySearch(environment: ["CYCLEGAN_CUDA_LIBRARIES": folder])
      #expect(
        throws: CUDAError.incomplete(.driver, path: "\(folder)/libcuda.so.1", function: "cuInit")
      ) { _ = try CUDALibraries(search) }
    }
  }

  @Test("Every kernel that is called is in the text")
  func names() {
    for kernel in Kernel.allCases {
      #expect(KernelProgram.source.contains("__global__ void \(kernel.rawValue)("))
    }
    let texts = KernelProgram.source.split(separator: "__global__").count - 1
    #expect(texts == Kernel.allCases.count)
  }

  @Test("Compiled kernels are kept, and compiled anew where what was kept is broken")
  func cache() throws {
    try withTemporaryFolder { folder in
      let environment = try StandInLibraries(in: folder).environment
      _ = try CUDABackend(environment: environment)
      let cache = "\(folder)/cache/cyclegan"
      let kept = try FileManager.default.contentsOfDirectory(atPath: cache)
      #expect(kept.count == 1 && kept[0].hasSuffix("-nvrtc13.0-sm_90.cubin"))
      try Data("broken, and long enough to be looked into".utf8).write(
        to: URL(fileURLWithPath: "\(cache)/\(kept[0])"))
      _ = try CUDABackend(environment: environment)
    }
  }

  /// The C library that this process uses.
  private static func someLibrary() throws -> String {
    let maps = try #require(try FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd())
    let lines = String(decoding: maps, as: UTF8.self).split(separator: "\n")
    let line = try #require(lines.first { $0.contains("/libc.so") })
    return try String(#require(line.split(separator: " ").last))
  }
}
