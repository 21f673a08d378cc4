import Files
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The log of a run: one line of JSON for each report, complete up to the last one.
///
/// Safe to use from several threads.
public final class RunLog: Sendable {
  private let path: String
  private let descriptor: Descriptor
  private let length: Mutex<Int>

  /// Opens a log to append to, and creates it where it is missing.
  init(_ path: String) throws {
    self.path = path
    descriptor = try Descriptor(opening: path, O_RDWR | O_CREAT | O_APPEND, to: .write)
    let end = lseek(descriptor.number, 0, SEEK_END)
    guard end >= 0 else { throw FileError(.write, path, .system(code: errno)) }
    length = Mutex(Int(end))
  }

  /// Bytes in the log.
  ///
  /// Saved with the state, it tells how much of the log belongs to that state.
  public var position: Int { length.withLock { $0 } }

  /// Appends a line; other processes can read it at once, and it survives the end of this one.
  ///
  /// - Parameter line: Text without a line feed.
  public func append(_ line: String) throws {
    precondition(!line.utf8.contains(UInt8(ascii: "\n")), "a line feed inside a line of the log")
    let bytes = Array((line + "\n").utf8)
    try length.withLock { length in
      var done = 0
      while done < bytes.count {
        let written = bytes.withUnsafeBytes {
          Self.systemWrite(descriptor.number, $0.baseAddress! + done, bytes.count - done)
        }
        if written < 0, errno == EINTR { continue }
        guard written >= 0 else { throw FileError(.write, path, .system(code: errno)) }
        done += written
        length += written
      }
    }
  }

  /// Cuts the log back to an earlier position, when a run goes on from an earlier state.
  ///
  /// A log that is shorter than that stays as it is.
  public func truncate(to position: Int) throws {
    try length.withLock { length in
      guard position < length else { return }
      guard ftruncate(descriptor.number, off_t(position)) == 0 else {
        throw FileError(.write, path, .system(code: errno))
      }
      length = position
    }
  }

  /// Waits until all lines are on the disk.
  public func synchronize() throws {
    guard fsync(descriptor.number) == 0 else {
      throw FileError(.write, path, .system(code: errno))
    }
  }

  // The member of this name would hide it inside the type.
  private static let systemWrite: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = write(_:_:_:)
}
