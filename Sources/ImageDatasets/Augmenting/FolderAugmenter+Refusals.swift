import Files

/// What is refused before anything is written.
extension FolderAugmenter {
  /// Refuses an output that is, or lies in, the input folder.
  func requireOutside(input: String, output: String) throws(DatasetError) {
    if RealPath.lies(output, in: input) { throw .outputInsideInput(input: input, output: output) }
  }

  /// Refuses to write over what is read, or into it: it would be lost, or read the next time.
  ///
  /// - Parameters:
  ///   - input: The folder of pictures.
  ///   - output: The files and folders to be written.
  func requireApart(input: String, output: [OutputLayout.Place]) throws(OutputError) {
    let sources = [input] + sources
    for place in output {
      for source in sources
      where RealPath.lies(place.path, in: source)
        || place.isOwn && RealPath.lies(source, in: place.path)
      {
        throw .overSource(output: place.path, source: source)
      }
    }
    guard let previewFile else { return }
    for source in sources where RealPath.lies(previewFile, in: source) {
      throw .previewOverSource(preview: previewFile, source: source)
    }
  }

  /// What is read beside the pictures.
  private var sources: [String] {
    let folders = replay?.referenceFolders ?? pipeline.operations.compactMap { $0.referenceFolder }
    return [masks, labels?.path, replay?.file].compactMap(\.self) + folders
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
    var owners: [FileName: Int] = [:]
    for (index, name) in folder.names.enumerated() {
      guard let file = sharedFile(outputName(name, copy: 0)) else { return }
      if let first = owners.updateValue(index, forKey: FileName(file)) {
        throw .sameOutput(folder.path(at: first), folder.path(at: index), output: file)
      }
    }
  }

  /// Refuses a folder that holds other pictures than those to be written: they would be learnt from
  /// as if they belonged to them.
  ///
  /// The copies of an earlier run by the same command are no others.
  func refuseOtherPictures(_ folder: ImageFolder, in layout: OutputLayout) throws {
    let pictures = Set(folder.names.map { FileName($0) })
    try refuse(in: layout.pictures) { _, name in !isCopy(name, of: pictures) }
    guard layout.hasFolders else { return }
    if let masks = layout.masks {
      let names = Set(folder.names.map { FileName($0.replacingExtension(by: "png")) })
      try refuse(in: masks) { _, name in !isCopy(name, of: names) }
    }
    // Copies of a run without labels lie beside the folders.
    let own = layout.places.filter(\.isOwn).map { $0.path + "/" }
    try refuse(in: layout.folder) { path, name in
      isCopy(name, of: pictures) && !own.contains(where: path.hasPrefix)
    }
  }

  private func refuse(in place: String, where isOther: (_ path: String, _ name: String) -> Bool)
    throws
  {
    let found: ImageFolder
    do {
      found = try ImageFolder(place)
    } catch {
      switch error {
      case .missingFolder, .noPictures: return
      case .notAFolder: throw OutputError.notAFolder(place)
      default: throw error
      }
    }
    let sheet = previewFile.map(RealPath.of)
    for (index, name) in found.names.enumerated() where isOther(found.path(at: index), name) {
      let path = found.path(at: index)
      if sheet == nil || RealPath.of(path) != sheet { throw DatasetError.otherOutput(path) }
    }
  }

  /// Whether a file of this name is a copy that will be written of one of some pictures.
  private func isCopy(_ output: String, of names: Set<FileName>) -> Bool {
    guard numbersCopies else {
      return names.contains(FileName(output)) && isMade(0, of: output)
    }
    guard let dot = output.lastIndex(of: "."), let dash = output[..<dot].lastIndex(of: "-"),
      let number = Int(output[output.index(after: dash)..<dot]), number > 0
    else { return false }
    let name = String(output[..<dash] + output[dot...])
    return names.contains(FileName(name))
      && FileName(outputName(name, copy: number - 1)) == FileName(output)
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
    guard FileEntry(at: FilePaths.folder(of: prefix)) != nil else { return }
    let most = shardCount(folder, samplesPerShard)
    for (path, number) in try ShardOutput.found(prefix) where number >= most {
      throw .otherOutput(path)
    }
  }

  /// The most archives that there can be of a folder.
  private func shardCount(_ folder: ImageFolder, _ samplesPerShard: Int) -> Int {
    let samples = folder.names.reduce(0) { sum, name in
      sum + (replay.map { (try? $0.copies(of: name))?.count ?? 0 } ?? copies)
    }
    return samples == 0 ? 0 : (samples - 1) / samplesPerShard + 1
  }
}
