import Glibc

/// A file that is written piece by piece and gets its name when it is whole.
///
/// Until then it has a temporary name, which is removed if the owner goes without `finish`.
package final class GrowingFile {
  /// The final name.
  package let path: String
  /// The name until then; another program may write the file under it.
  package let temporary: String
  private let file: FileDescriptor
  private var isFinished = false

  /// Begins a file.
  package init(_ path: String) throws(FileError) {
    try AtomicFile.refuseIrregular(path)
    var temporary = ""
    file = try AtomicFile.createTemporary(
      &temporary, in: FilePaths.folder(of: path), for: path)
    self.path = path
    self.temporary = temporary
  }

  deinit { if !isFinished { unlink(temporary) } }

  /// Appends bytes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) { try file.write(bytes) }

  /// Appends bytes.
  package func write(_ bytes: [UInt8]) throws(FileError) { try file.write(bytes) }

  /// Appends text as UTF-8.
  package func write(_ text: String) throws(FileError) { try write(Array(text.utf8)) }

  /// Waits for the disk and gives the file its name, in place of one that is there.
  package func finish() throws(FileError) {
    try file.synchronize()
    guard rename(temporary, path) == 0 else {
      throw FileError(.write, path, .system(code: errno))
    }
    isFinished = true
    // The name itself is safe only once the folder is synced. One that may be written to and not
    // read cannot be opened for that; the file is there all the same.
    let folder = FilePaths.folder(of: path)
    do throws(FileError) {
      try FileDescriptor(opening: folder, flags: O_RDONLY, to: .write, as: path).synchronize()
    } catch  where error.reason == .system(code: EACCES) {}
  }
}
