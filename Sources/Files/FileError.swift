import Glibc

/// A file that could not be read or written, or a folder that could not be made, why, and what to do
/// about it.
public struct FileError: Error, Equatable, CustomStringConvertible {
  /// What was being done to the file.
  public enum Operation: String, Sendable {
    /// Taking the file's bytes.
    case read
    /// Putting bytes into the file.
    case write
    /// Making a folder of that name.
    case makeFolder = "make the folder"
  }

  /// Why it failed.
  public enum Reason: Equatable, Sendable {
    /// The system refused, with this `errno`.
    case system(code: Int32)
    /// The path names a folder, a device or a pipe, which must not be replaced by a file.
    case notARegularFile
    /// The file holds more bytes than the reader takes.
    case tooLarge(limit: Int)
    /// The name is not UTF-8; no path can be written that leads there.
    case nameNotText
  }

  /// What was being done.
  public let operation: Operation
  /// The file, as the caller named it.
  public let path: String
  /// Why it failed.
  public let reason: Reason

  /// Creates an error of its facts.
  public init(_ operation: Operation, _ path: String, _ reason: Reason) {
    self.operation = operation
    self.path = path
    self.reason = reason
  }

  /// The file, the reason and the remedy, in a line.
  public var description: String {
    "Cannot \(operation.rawValue) \(path): \(cause). \(remedy)"
  }

  /// Whether it may be otherwise next time, since the file may not be to blame.
  package var isPassing: Bool { isOutOfReach || has([EINTR, EIO]) }

  /// Whether the system, or a drive that is gone, is to blame and no file.
  package var isOutOfReach: Bool {
    has([EMFILE, ENFILE, ENOMEM, ESTALE, ETIMEDOUT, ENOTCONN, EHOSTDOWN, EREMOTEIO])
  }

  private func has(_ codes: [Int32]) -> Bool {
    if case .system(let code) = reason { codes.contains(code) } else { false }
  }

  /// What is wrong, without the file's name and the remedy.
  package var cause: String {
    switch reason {
    case .system(let code): String(cString: strerror(code))
    case .notARegularFile: "it exists and is not a regular file"
    case .tooLarge(let limit): "it holds more than \(limit) bytes"
    case .nameNotText: "its name is not UTF-8"
    }
  }

  private var remedy: String {
    switch reason {
    case .notARegularFile: return "Choose another name."
    case .tooLarge: return "Give a smaller file."
    case .nameNotText: return "Rename it."
    case .system(let code): return remedy(for: code)
    }
  }

  private func remedy(for code: Int32) -> String {
    switch (code, operation) {
    case (ENOENT, .read):
      // What stands in place of bytes that are no text.
      path.contains("\u{FFFD}") ? "Its name may not be UTF-8: rename it." : "Check the name."
    case (ENOENT, .write), (ENOTDIR, .write): "Create the folder first."
    case (EEXIST, .makeFolder): "Move the file of that name away, or choose another name."
    case (ENOENT, .makeFolder): "Choose another place."
    case (EACCES, .read), (EPERM, .read): "Give yourself permission to read it."
    case (EACCES, _), (EPERM, _), (EROFS, _): "Choose a folder that you may write to."
    case (ENOSPC, _), (EDQUOT, _): "Free some space and try again."
    case (EFBIG, _): "Allow larger files (ulimit -f), or choose another disk."
    case (EISDIR, _): "Name a file, not a folder."
    case (ELOOP, _): "Remove the link, which leads round in circles."
    case (ENAMETOOLONG, _): "Choose a shorter name."
    case (EMFILE, _), (ENFILE, _): "Raise the limit on open files (ulimit -n)."
    case (ENOSYS, _), (EOPNOTSUPP, _), (ENOLCK, _):
      "Choose a folder on a file system that can do this."
    default: "Check the disk and try again."
    }
  }
}
