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
  ///   - onUnlistable: Called for each folder that cannot be listed, the first one included; the
  ///     walk goes on unless it throws.
  ///   - visit: Takes the name of a file, relative to the root. What cannot be reached, as a link to
  ///     nothing, counts as a file: that is said when it is read.
  package static func files<Failure>(
    in root: String, entering mayEnter: (_ path: String) -> Bool = { _ in true },
    onUnlistable: (FileError) throws(Failure) -> Void, visit: (_ name: String) -> Void
  ) throws(Failure) {
    var entered = Set([FileIdentity(of: root)])
    // What is still to be seen, the next one last.
    var names = [""]
    while let name = names.popLast() {
      let path = name.isEmpty ? root : FolderNames.join(root, name)
      let entry = FileEntry(at: path)
      switch name.isEmpty ? .folder : entry?.kind ?? .file {
      case .file: visit(name)
      case .other: break
      case .folder:
        if !name.isEmpty {
          guard mayEnter(path), entered.insert(entry?.identity).inserted else { continue }
        }
        do throws(FileError) {
          let listed = try FolderNames.list(path).filter { !$0.hasPrefix(".") }
          names += listed.reversed().map { name.isEmpty ? $0 : FolderNames.join(name, $0) }
        } catch {
          try onUnlistable(error)
        }
      }
    }
  }
}
