import Glibc

/// What all names of one file or folder have in common.
package struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let number: UInt64

  /// The identity of what the system describes.
  package init(_ status: stat) {
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
  }

  /// The identity of what a path names, links followed; nil of nothing.
  package init?(of path: String) {
    guard let entry = FileEntry(at: path) else { return nil }
    self = entry.identity
  }
}
