import Glibc

/// A walk through a folder and all folders in it, in an order that does not depend on how the file
/// system lists them: that of the names' bytes, each folder's together.
///
/// Hidden files and folders are left out. Symbolic links are followed, but no folder is entered
/// twice.
package enum FolderWalk {
  /// Visits files.
  ///
  /// - Parameters:
  ///   - root: The folder to begin in.
  ///   - mayEnter: Whether a folder in it, given by its path, is of interest.
  ///   - onUnlistable: Called for each folder that cannot be listed or entered, the first one
  ///     included; the walk goes on unless it throws.
  ///   - visit: Takes the name of a file, relative to the root. What cannot be reached, as a link to
  ///     nothing, counts as a file: that is said when it is read.
  package static func files<Failure>(
    in root: String, entering mayEnter: (_ path: String) -> Bool = { _ in true },
    onUnlistable: (FileError) throws(Failure) -> Void, visit: (_ name: String) -> Void
  ) throws(Failure) {
    var entered = Set([FileIdentity(of: root)])
    // Folders to be listed and names to be looked at, the next one last.
    var names: [(name: String, entry: FolderNames.Entry?)] = [("", nil)]
    while let (name, known) = names.popLast() {
      let path = known == nil ? root : FilePaths.join(root, name)
      if let known {
        // Most are, and need not be looked at one by one.
        if known.kind == .file {
          visit(name)
          continue
        }
        guard let entry = FileEntry(at: path) else {
          let reason: FileError.Reason = known.isText ? .system(code: errno) : .nameNotText
          if known.kind == .folder {
            try onUnlistable(FileError(.read, path, reason))
          } else {
            visit(name)
          }
          continue
        }
        if entry.kind == .file { visit(name) }
        guard entry.kind == .folder, mayEnter(path), entered.insert(entry.identity).inserted else {
          continue
        }
      }
      do throws(FileError) {
        let entries = try FolderNames.entries(path).filter { !$0.name.utf8.starts(with: [dot]) }
        names += entries.reversed().map { entry in
          (known == nil ? entry.name : FilePaths.join(name, entry.name), entry)
        }
      } catch {
        try onUnlistable(error)
      }
    }
  }

  private static let dot = UInt8(ascii: ".")
}
