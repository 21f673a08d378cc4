import Foundation

/// A folder in which the stand-in for NVIDIA's libraries lies under NVIDIA's names.
///
/// The stand-in (`Tests/StandInGPU`) runs the kernels' own texts on the processor, and convolutions
/// by their definition.
package struct StandInLibraries {
  /// The variables with which a process finds it, and nothing else of NVIDIA's.
  package let environment: [String: String]

  /// Makes links in a folder.
  ///
  /// - Parameters:
  ///   - folder: Where links are made and compiled kernels kept.
  ///   - missing: A library to be left out.
  package init(in folder: String, without missing: String? = nil) throws {
    let library = Program.path.deletingLastPathComponent().appendingPathComponent(
      "libStandInGPU.so")
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    for name in ["libcuda.so.1", "libnvrtc.so.13", "libcudnn.so.9"] where name != missing {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/\(name)", withDestinationPath: library.path)
    }
    environment = ["CYCLEGAN_CUDA_LIBRARIES": folder, "XDG_CACHE_HOME": folder + "/cache"]
  }
}
