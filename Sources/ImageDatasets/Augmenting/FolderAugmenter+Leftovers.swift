import Files

extension FolderAugmenter {
  /// Files under the names of copies that were not made: an earlier run may have written them, and
  /// no manifest knows of them any more.
  ///
  /// They stay, since nothing tells whose they are.
  func remains(of names: [String], in layout: OutputLayout) -> [String] {
    names.flatMap { name in
      let numbers = replay.map { (try? $0.copies(of: name))?.map(\.number) ?? [] }
      return (numbers ?? Array(0..<copies)).flatMap { copy in
        let output = outputName(name, copy: copy)
        return [
          "\(layout.pictures)/\(output)", layout.mask(of: output), layout.labelFile(of: output),
        ]
        .compactMap(\.self)
      }
    }.filter { FileEntry.isFile($0) }
  }
}
