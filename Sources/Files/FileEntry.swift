import Glibc

/// What a path names, symbolic links followed.
package struct FileEntry: Sendable {
  /// The kinds of things that are told apart.
  package enum Kind: Sendable { case file, folder, other }

  /// Whether it is a file, a folder or neither.
  package let kind: Kind
  /// What it has in common with all its other names.
  package let identity: FileIdentity
  /// Bytes in a file.
  package let byteCount: Int

  /// Looks at a path; nil if it names nothing, or nothing that can be reached.
  package init?(at path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    identity = FileIdentity(status)
    byteCount = Int(status.st_size)
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      default: .other
      }
  }

  /// Whether there is nothing of that name: no link that leads nowhere, and nothing out of reach.
  package static func isAbsent(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) != 0 && [ENOENT, ENOTDIR].contains(errno)
  }

  /// Whether a path names a file.
  package static func isFile(_ path: String) -> Bool { FileEntry(at: path)?.kind == .file }

  /// Whether a path names a folder.
  package static func isFolder(_ path: String) -> Bool { FileEntry(at: path)?.kind == .folder }
}
