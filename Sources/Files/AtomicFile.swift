import Glibc

/// Writes files so that nobody ever sees half of one.
///
/// The bytes go to a temporary name in the same folder, are synced to the disk, and take the
/// final name by `rename`. Whoever opens the path finds the old contents or the new, also after
/// a crash or a power failure. When anything fails the temporary file is removed and an old file
/// under the final name is untouched.
package enum AtomicFile {
  /// Writes `bytes` under `path`, replacing a file that is there.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    try write(to: path) { writer in try writer.write(bytes) }
  }

  /// Writes `text` as UTF-8 under `path`, replacing a file that is there.
  package static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// Writes under `path` what `body` hands to the file, replacing a file that is there.
  ///
  /// When `body` throws, nothing is replaced and its error passes through.
  package static func write(to path: String, _ body: (GrowingFile) throws -> Void) throws {
    let file = try GrowingFile(path)
    try body(file)
    try file.finish()
  }

  /// Throws what writing under `path` would throw at its beginning; writes nothing.
  package static func requireWritable(_ path: String) throws { _ = try GrowingFile(path) }

  /// How the names of temporary files begin; a process and a number follow.
  static let temporaryPrefix = ".partial-"

  static func refuseIrregular(_ path: String) throws(FileError) {
    guard let entry = FileEntry(at: path) else { return }
    if entry.kind != .file { throw FileError(.write, path, .notARegularFile) }
  }

  /// Opens a new file beside the final one; its short name fits wherever the final one does.
  static func createTemporary(
    _ temporary: inout String, in folder: String, for path: String
  ) throws(FileError) -> FileDescriptor {
    var attempt = 0
    while true {
      temporary = "\(folder)/\(temporaryPrefix)\(getpid())-\(attempt)"
      do {
        let file = try FileDescriptor(
          opening: temporary, flags: O_WRONLY | O_CREAT | O_EXCL, to: .write, as: path)
        // Tells `removeLeftovers` that somebody is at work; where nothing can be marked, nothing is
        // taken for a leftover. Until then the file may be: it is gone then, or about to go.
        let isTaken = if case .taken = file.mark() { true } else { false }
        if !isTaken, !file.isRemoved { return file }
        attempt += 1
      } catch {
        // Taken by another thread, or left by a process that was killed.
        guard error.reason == .system(code: EEXIST) else { throw error }
        attempt += 1
      }
    }
  }
}
