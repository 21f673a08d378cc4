import Glibc

/// A file that grows by whole lines.
package struct LineFile: ~Copyable {
  private let file: FileDescriptor

  /// Opens a file to append to, and creates it where it is missing.
  ///
  /// A last line without its end, left by a process that was killed, is cut off.
  package init(appendingTo path: String) throws(FileError) {
    try Self.removePartOfLine(path)
    file = try FileDescriptor(
      opening: path, flags: O_WRONLY | O_CREAT | O_APPEND, to: .write, as: path)
  }

  private static func removePartOfLine(_ path: String) throws(FileError) {
    guard access(path, F_OK) == 0 else { return }
    let bytes = try WholeFile.read(path)
    guard let last = bytes.last, last != UInt8(ascii: "\n") else { return }
    let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    guard truncate(path, off_t(whole)) == 0 else {
      throw FileError(.write, path, .system(code: errno))
    }
  }

  /// Appends a line, in one piece; other processes can read it at once.
  ///
  /// - Parameter line: Text without a line feed.
  package func append(_ line: String) throws(FileError) {
    precondition(!line.utf8.contains(UInt8(ascii: "\n")), "a line feed inside a line")
    try file.write(Array((line + "\n").utf8))
  }
}
