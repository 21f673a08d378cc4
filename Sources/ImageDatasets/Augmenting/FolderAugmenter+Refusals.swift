import Files
import Foundation

/// What is refused before anything is written.
extension FolderAugmenter {
  /// Refuses an output that is, or lies in, the input folder.
  func requireOutside(input: String, output: String) throws(DatasetError) {
    let inside = Self.real(output), outside = Self.real(input)
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

  /// Refuses a folder that holds other pictures than those to be written: they would be learnt from
  /// as if they belonged to them.
  ///
  /// The copies of an earlier run by the same command are no others.
  func refuseOtherPictures(_ folder: ImageFolder, in output: String) throws(DatasetError) {
    guard labels != nil || masks != nil else {
      return try refuseOthers(in: output, Set(folder.names))
    }
    try refuseOthers(in: "\(output)/images", Set(folder.names))
    guard masks != nil else { return }
    try refuseOthers(
      in: "\(output)/masks", Set(folder.names.map { $0.replacingExtension(by: "png") }))
  }

  private func refuseOthers(in place: String, _ names: Set<String>) throws(DatasetError) {
    let found: ImageFolder
    do {
      found = try ImageFolder(place)
    } catch {
      switch error {
      case .missingFolder, .noPictures: return
      default: throw error
      }
    }
    let sheet = previewFile.map(Self.real)
    for (index, name) in found.names.enumerated() where !isCopy(name, of: names) {
      if let sheet, Self.real(found.path(at: index)) == sheet { continue }
      throw .otherOutput(found.path(at: index))
    }
  }

  /// A path without links, as far as it exists.
  private static func real(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  /// Whether a file of this name is a copy that will be written of one of some pictures.
  private func isCopy(_ output: String, of names: Set<String>) -> Bool {
    guard numbersCopies else { return names.contains(output) }
    guard let dot = output.lastIndex(of: "."), let dash = output[..<dot].lastIndex(of: "-"),
      let number = Int(output[output.index(after: dash)..<dot]), number > 0
    else { return false }
    let name = String(output[..<dash] + output[dot...])
    return names.contains(name) && outputName(name, copy: number - 1) == output
      && isMade(number - 1, of: name)
  }

  private func isMade(_ copy: Int, of name: String) -> Bool {
    guard let replay else { return copy < copies }
    return (try? replay.copies(of: name))?.contains { $0.number == copy } ?? false
  }

  /// Refuses archives of an earlier run beyond those that there can be now.
  func refuseOtherShards(
    _ folder: ImageFolder, _ prefix: String, _ samplesPerShard: Int
  ) throws(DatasetError) {
    let place = AtomicFile.folder(of: prefix)
    guard FolderListing.entry(at: place) != nil else { return }
    let samples = folder.names.reduce(0) { sum, name in
      sum + (replay.map { (try? $0.copies(of: name))?.count ?? 0 } ?? copies)
    }
    let most = (samples + samplesPerShard - 1) / samplesPerShard
    for name in try FolderListing.names(in: place) {
      let path = prefix.contains("/") ? "\(place == "/" ? "" : place)/\(name)" : name
      if let number = ShardOutput.number(of: path, prefix), number >= most {
        throw .otherOutput(path)
      }
    }
  }
}
