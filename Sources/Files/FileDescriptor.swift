#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// The unsafe room of this target: system calls on one open file, closed when its owner goes.

struct FileDescriptor: ~Copyable {
  /// The file's name as errors give it.
  let name: String
  private let operation: FileError.Operation
  private let number: Int32

  /// Opens a file.
  ///
  /// Errors speak of `name`: `opened` may be a temporary one in its place.
  init(
    opening opened: String, flags: Int32, to operation: FileError.Operation, as name: String
  ) throws(FileError) {
    self.name = name
    self.operation = operation
    number = try Self.retrying(operation, name) { open(opened, flags | O_CLOEXEC, 0o666) }
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
  func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBytes { bytes in
      Result { () throws(FileError) in try write(bytes) }
    }.get()
  }

  /// Waits until the contents are on the disk.
  func synchronize() throws(FileError) {
    do { _ = try Self.retrying(operation, name) { fsync(number) } } catch {
      // Some file systems have nothing to sync, above all for folders.
      let harmless = [EINVAL, ENOTSUP].map { FileError.Reason.system(code: $0) }
      guard harmless.contains(error.reason) else { throw error }
    }
  }

  /// Marks the file as in use by this process, if nobody else has, until it is closed.
  ///
  /// - Returns: Whether the mark is set; false also where the file system knows none.
  func lock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }

  /// The size in bytes of a regular file, else `nil`.
  func regularFileSize() throws(FileError) -> Int? {
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
