import Foundation

/// What is refused before anything is written.
extension FolderAugmenter {
  /// Refuses an output that is, or lies in, the input folder.
  func requireOutside(input: String, output: String) throws(DatasetError) {
    func real(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
    let inside = real(output), outside = real(input)
    if inside == outside || inside.hasPrefix(outside == "/" ? "/" : outside + "/") {
      throw .outputInsideInput(input: input, output: output)
    }
  }

  /// Refuses pictures that would share a file of the output, which one would take from the other.
  ///
  /// The pictures themselves keep their endings, but a mask, a label file or a sample in an archive
  /// is named without that of its picture.
  ///
  /// - Parameter sharedFile: The file that belongs to a copy of this name; nil if it has none.
  func refuseSharedFiles(
    _ folder: ImageFolder, _ sharedFile: (String) -> String?
  ) throws(DatasetError) {
    var owners: [String: Int] = [:]
    for (index, name) in folder.names.enumerated() {
      guard let file = sharedFile(outputName(name, copy: 0)) else { return }
      if let first = owners.updateValue(index, forKey: file) {
        throw .sameOutput(folder.path(at: first), folder.path(at: index), output: file)
      }
    }
  }
}
