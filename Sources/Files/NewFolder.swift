import Glibc

/// Makes folders.
package enum NewFolder {
  /// Makes a folder and those above it, as far as they are missing.
  ///
  /// - Throws: `FileError` with the system's reason, and the folder that could not be made.
  package static func create(_ path: String) throws(FileError) {
    if FileEntry.isFolder(path) { return }
    guard !path.isEmpty else {
      throw FileError(.makeFolder, "without a name", .system(code: ENOENT))
    }
    let parent = parent(of: path)
    if parent != path, access(parent, F_OK) != 0 { try create(parent) }
    // Another process may make it at the same time.
    guard mkdir(path, 0o777) == 0 || errno == EEXIST && FileEntry.isFolder(path) else {
      throw FileError(.makeFolder, path, .system(code: errno))
    }
  }

  /// The folder above; slashes at the end are passed over.
  private static func parent(of path: String) -> String {
    let end = path.lastIndex { $0 != "/" } ?? path.startIndex
    return FilePaths.folder(of: String(path[...end]))
  }
}
