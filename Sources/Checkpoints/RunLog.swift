import Files
import Glibc
import Synchronization

/// The log of a run: one line of JSON for each report, complete up to the last one.
///
/// Safe to use from several threads.
public final class RunLog: Sendable {
  private let file: FileDescriptor
  private let length: Mutex<Int>

  /// Opens a log to append to, and creates it where it is missing.
  init(_ path: String) throws(FileError) {
    file = try FileDescriptor(path, flags: O_RDWR | O_CREAT | O_APPEND, to: .write)
    guard let size = try file.regularFileSize() else {
      throw FileError(.write, path, .notARegularFile)
    }
    length = Mutex(size)
  }

  /// Bytes in the log.
  ///
  /// Saved with the state, it tells how much of the log belongs to that state.
  public var position: Int { length.withLock { $0 } }

  /// Appends a line; other processes can read it at once, and it survives the end of this one.
  ///
  /// A line that cannot be written whole, on a full disk say, is not there at all.
  /// - Parameter line: Text without a line feed.
  public func append(_ line: String) throws {
    precondition(!line.utf8.contains(UInt8(ascii: "\n")), "a line feed inside a line of the log")
    let bytes = Array((line + "\n").utf8)
    try length.withLock { length in
      do {
        try file.write(bytes)
      } catch {
        try? file.truncate(to: length)
        throw error
      }
      length += bytes.count
    }
  }

  /// Cuts the log back to an earlier position, when a run goes on from an earlier state.
  ///
  /// A log that is shorter than that stays as it is.
  public func truncate(to position: Int) throws {
    try length.withLock { length in
      guard position < length else { return }
      try file.truncate(to: position)
      length = position
    }
  }

  /// Waits until all lines are on the disk.
  public func synchronize() throws { try file.synchronize() }
}
