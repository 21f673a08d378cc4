import Glibc

/// Reads files in one piece.
package enum WholeFile {
  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - path: A file, or a pipe that ends.
  ///   - limit: The most bytes that are taken; a longer file is an error, before it is read.
  package static func read(_ path: String, limit: Int = 1 << 40) throws(FileError) -> [UInt8] {
    try read(FileDescriptor(path, flags: O_RDONLY, to: .read), limit)
  }

  /// The bytes of standard input up to its end; more than `limit` are an error.
  package static func readStandardInput(limit: Int) throws(FileError) -> [UInt8] {
    try read(FileDescriptor(standardInputAs: "standard input"), limit)
  }

  private static func read(_ file: borrowing FileDescriptor, _ limit: Int) throws(FileError)
    -> [UInt8]
  {
    let size = try file.regularFileSize() ?? 0
    guard size <= limit else { throw FileError(.read, file.name, .tooLarge(limit: limit)) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size + 1)
    // One byte more than expected, so that a file of the expected size ends in one call.
    var next = size + 1
    while try file.read(upTo: next, appendingTo: &bytes) > 0 {
      guard bytes.count <= limit else { throw FileError(.read, file.name, .tooLarge(limit: limit)) }
      next = max(size + 1 - bytes.count, 1 << 16)
    }
    return bytes
  }
}
