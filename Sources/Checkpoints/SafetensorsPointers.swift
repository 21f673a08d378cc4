import Files
import Glibc
import Tensors

// The unsafe room of this target: files read at a position, and tensors as stored bytes.

/// A type that tensors are read from.
enum ReadableType: String {
  case float16 = "F16"
  case bfloat16 = "BF16"
  case float32 = "F32"
  case float64 = "F64"

  /// Bytes per element.
  var bytes: Int {
    switch self {
    case .float16, .bfloat16: 2
    case .float32: 4
    case .float64: 8
    }
  }
}

/// A regular file open for reading.
struct ReadableFile: ~Copyable {
  let path: String
  /// The file's size when it was opened.
  let bytes: Int
  private let file: FileDescriptor

  init(_ path: String) throws(FileError) {
    let file = try FileDescriptor(path, flags: O_RDONLY, to: .read)
    guard let bytes = try file.regularFileSize() else {
      throw FileError(.read, path, .notARegularFile)
    }
    self.path = path
    self.bytes = bytes
    self.file = file
  }

  /// The bytes from a position, which lie within the file.
  func read(_ count: Int, at position: Int) throws -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    try result.withUnsafeMutableBytes { try read(into: $0, at: position) }
    return result
  }

  /// The tensor whose elements lie at a position within the file.
  func tensor(_ shape: Shape, _ type: ReadableType, at position: Int) throws -> Tensor {
    var tensor = Tensor(uninitialized: shape)
    let count = shape.count
    try tensor.withMutablePointer { target in
      switch type {
      case .float32:
        try read(into: UnsafeMutableRawBufferPointer(start: target, count: 4 * count), at: position)
      case .float16:
        let stored = try elements(count, of: Float16.self, at: position)
        for index in 0..<count { target[index] = Float(stored[index]) }
      case .bfloat16:
        let stored = try elements(count, of: UInt16.self, at: position)
        for index in 0..<count { target[index] = Float(bitPattern: UInt32(stored[index]) << 16) }
      case .float64:
        let stored = try elements(count, of: Double.self, at: position)
        for index in 0..<count { target[index] = Float(stored[index]) }
      }
    }
    return tensor
  }

  private func elements<Element: Numeric>(_ count: Int, of: Element.Type, at position: Int) throws
    -> [Element]
  {
    var result = [Element](repeating: 0, count: count)
    try result.withUnsafeMutableBytes { try read(into: $0, at: position) }
    return result
  }

  private func read(into target: UnsafeMutableRawBufferPointer, at position: Int) throws {
    let done = try file.read(into: target, at: position)
    guard done == target.count else {
      // Somebody cut the file off since it was opened.
      throw CheckpointError(
        file: path, .truncated(expectedBytes: bytes, foundBytes: position + done))
    }
  }
}

extension Tensor {
  /// The elements as little-endian bytes, valid only inside the closure.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    try withPointer { try body(UnsafeRawBufferPointer(start: $0, count: 4 * count)) }
  }

  /// The elements rounded to 16-bit floats; throws for a finite one that is too large for them.
  func halves<Failure: Error>(tooLarge: (Float) -> Failure) throws(Failure) -> [Float16] {
    var result = [Float16](repeating: 0, count: count)
    for index in 0..<count {
      let value = self[index]
      result[index] = Float16(value)
      if result[index].isInfinite, value.isFinite { throw tooLarge(value) }
    }
    return result
  }
}
