import Files

extension FolderAugmenter {
  /// Removes what an earlier run wrote of pictures that were left out: it would be learnt from, and
  /// no manifest knows of it any more.
  ///
  /// - Returns: How many files there were.
  func removeCopies(of names: [String], in layout: OutputLayout) throws(FileError) -> Int {
    let sheet = previewFile.map(RealPath.of)
    var removed = 0
    for name in names {
      let numbers = replay.map { (try? $0.copies(of: name))?.map(\.number) ?? [] }
      for copy in numbers ?? Array(0..<copies) {
        let output = outputName(name, copy: copy)
        let files = [
          "\(layout.pictures)/\(output)", layout.mask(of: output), layout.labelFile(of: output),
        ]
        for file in files.compactMap(\.self) where sheet == nil || RealPath.of(file) != sheet {
          if try FolderListing.remove(file) { removed += 1 }
        }
      }
    }
    return removed
  }

  /// The most archives that there can be of a folder.
  func shardCount(_ folder: ImageFolder, _ samplesPerShard: Int) -> Int {
    let samples = folder.names.reduce(0) { sum, name in
      sum + (replay.map { (try? $0.copies(of: name))?.count ?? 0 } ?? copies)
    }
    return samples == 0 ? 0 : (samples - 1) / samplesPerShard + 1
  }
}
