import Glibc

/// Makes folders.
package enum NewFolder {
  /// Makes a folder and those above it, as far as they are missing.
  ///
  /// - Throws: `FileError` with the system's reason, and the folder that could not be made.
  package static func create(_ path: String) throws(FileError) {
    if FileEntry.isFolder(path) { return }
    guard !path.isEmpty else {
      throw FileError(.makeFolder, path, .system(code: ENOENT))
    }
    let parent = parent(of: path)
    if parent != path, access(parent, F_OK) != 0 { try create(parent) }
    if mkdir(path, 0o777) == 0 { return }
    let code = errno
    // Another process may have made it at the same time.
    if code == EEXIST, FileEntry.isFolder(path) { return }
    // A file has the name of the folder above.
    if code == ENOTDIR { throw FileError(.makeFolder, parent, .system(code: EEXIST)) }
    throw FileError(.makeFolder, path, .system(code: code))
  }

  /// The folder above; slashes at the end are passed over.
  private static func parent(of path: String) -> String {
    let end = path.lastIndex { $0 != "/" } ?? path.startIndex
    return FilePaths.folder(of: String(path[...end]))
  }
}
