import Glibc

// The unsafe room of this target: system calls on one open file, closed when its owner goes.

/// An open file.
package struct FileDescriptor: ~Copyable {
  /// The file's name as errors give it.
  package let name: String
  private let operation: FileError.Operation
  private let number: Int32

  /// Opens a file.
  ///
  /// Errors speak of `name`: `opened` may be a temporary one in its place.
  package init(
    opening opened: String, flags: Int32, to operation: FileError.Operation, as name: String
  ) throws(FileError) {
    self.name = name
    self.operation = operation
    number = try Self.retrying(operation, name) { open(opened, flags | O_CLOEXEC, 0o666) }
  }

  /// Opens a file under its own name.
  package init(
    _ path: String, flags: Int32, to operation: FileError.Operation
  ) throws(FileError) {
    try self.init(opening: path, flags: flags, to: operation, as: path)
  }

  /// Standard input, for reading.
  init(standardInputAs name: String) throws(FileError) {
    self.name = name
    operation = .read
    number = try Self.retrying(.read, name) { dup(STDIN_FILENO) }
  }

  deinit { close(number) }

  /// Appends at most `count` bytes to `bytes` and returns how many; 0 at the end of the file.
  func read(upTo count: Int, appendingTo bytes: inout [UInt8]) throws(FileError) -> Int {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: count))
    let taken = try Self.retrying(operation, name) {
      bytes.withUnsafeMutableBytes { systemRead(number, $0.baseAddress! + start, count) }
    }
    bytes.removeLast(count - taken)
    return taken
  }

  /// Fills a buffer with the bytes from a position on; returns how many there are.
  package func read(into target: UnsafeMutableRawBufferPointer, at position: Int) throws(FileError)
    -> Int
  {
    var done = 0
    while done < target.count {
      let part = UnsafeMutableRawBufferPointer(rebasing: target[done...])
      let taken = try Self.retrying(operation, name) {
        pread(number, part.baseAddress, part.count, off_t(position + done))
      }
      if taken == 0 { break }
      done += taken
    }
    return done
  }

  /// Cuts the file off after so many bytes.
  package func truncate(to size: Int) throws(FileError) {
    _ = try Self.retrying(operation, name) { ftruncate(number, off_t(size)) }
  }

  /// Writes all bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let written = try Self.retrying(operation, name) {
        systemWrite(number, part.baseAddress, part.count)
      }
      rest = rest.dropFirst(written)
    }
  }

  /// Writes all bytes.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBytes { bytes in
      Result { () throws(FileError) in try write(bytes) }
    }.get()
  }

  /// Waits until the contents are on the disk.
  package func synchronize() throws(FileError) {
    do { _ = try Self.retrying(operation, name) { fsync(number) } } catch {
      // Some file systems have nothing to sync, above all for folders.
      let harmless = [EINVAL, ENOTSUP].map { FileError.Reason.system(code: $0) }
      guard harmless.contains(error.reason) else { throw error }
    }
  }

  /// What came of marking a file as in use.
  package enum Mark {
    /// It is marked until it is closed.
    case set
    /// Somebody else has marked it, in this process or another one.
    case taken
    /// The file system knows no marks, or the system refused.
    case impossible(code: Int32)
  }

  /// Marks the file as in use, if nobody else has, until it is closed.
  package func mark() -> Mark {
    if flock(number, LOCK_EX | LOCK_NB) == 0 { return .set }
    let code = errno
    return code == EWOULDBLOCK ? .taken : .impossible(code: code)
  }

  /// Whether no name leads to the file any more.
  var isRemoved: Bool {
    var status = stat()
    return fstat(number, &status) == 0 && status.st_nlink == 0
  }

  /// Whether a path leads to this file, and not to another one that has taken its name.
  func isNamed(_ path: String) -> Bool {
    var mine = stat()
    var found = stat()
    return fstat(number, &mine) == 0 && lstat(path, &found) == 0
      && FileIdentity(mine) == FileIdentity(found)
  }

  /// The size in bytes of a regular file, else `nil`.
  package func regularFileSize() throws(FileError) -> Int? {
    var status = stat()
    _ = try Self.retrying(operation, name) { fstat(number, &status) }
    return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  private static func retrying<Count: SignedInteger>(
    _ operation: FileError.Operation, _ name: String, _ call: () -> Count
  ) throws(FileError) -> Count {
    while true {
      let result = call()
      if result >= 0 { return result }
      let code = errno
      guard code == EINTR else { throw FileError(operation, name, .system(code: code)) }
    }
  }
}

// Members of the same names would hide these two inside the type.
private let systemRead = read(_:_:_:)
private let systemWrite = write(_:_:_:)
