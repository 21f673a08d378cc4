import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open file, closed when its owner goes.
struct Descriptor: ~Copyable {
  let number: Int32

  init(opening path: String, _ flags: Int32, to operation: FileError.Operation) throws(FileError) {
    number = open(path, flags | O_CLOEXEC, 0o666)
    // A type that closes in its deinit must be whole before it may fail.
    let code = errno
    guard number >= 0 else { throw FileError(operation, path, .system(code: code)) }
  }

  deinit { if number >= 0 { close(number) } }
}
