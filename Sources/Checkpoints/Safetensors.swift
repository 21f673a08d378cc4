import Files
import Tensors

/// Named tensors and strings, as one file of the safetensors format holds them.
public struct Safetensors: Sendable, Equatable {
  /// A type in which tensors are stored.
  public enum StoredType: String, Sendable {
    /// 32-bit floats: nothing is lost.
    case float32 = "F32"
    /// 16-bit floats: half the size, about three decimal digits.
    case float16 = "F16"
  }

  /// The tensors by name, always 32-bit floats in memory.
  public var tensors: [String: Tensor]
  /// Strings by name (`__metadata__` in the file).
  public var metadata: [String: String]

  /// Creates the contents of a file.
  public init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }
}

// MARK: - Reading

extension Safetensors {
  /// Reads a file.
  ///
  /// The header is checked whole before any tensor is read: its length, its JSON, the offsets
  /// (contiguous, without holes, up to the end of the file) and each tensor's size. Stored as F32,
  /// F16, BF16 or F64, tensors become 32-bit floats.
  ///
  /// - Parameters:
  ///   - path: A safetensors file.
  ///   - isWanted: Tells by name which tensors to read; all of them by default.
  /// - Throws: `FileError` if the file cannot be read, `CheckpointError` if it is not what it
  ///   should be.
  public static func read(_ path: String, only isWanted: (String) -> Bool = { _ in true }) throws
    -> Safetensors
  {
    let file = try ReadableFile(path)
    let (header, dataStart) = try header(of: file)
    var contents = Safetensors(metadata: header.metadata)
    for entry in header.entries where isWanted(entry.name) {
      guard let type = ReadableType(rawValue: entry.type) else {
        throw CheckpointError(
          file: path, .unsupportedType(tensor: entry.name, type: entry.type))
      }
      contents.tensors[entry.name] = try file.tensor(
        Shape(entry.dimensions), type, at: dataStart + entry.begin)
    }
    return contents
  }

  /// Reads the metadata, and the shapes of all tensors without their contents.
  public static func readHeader(_ path: String) throws -> (
    metadata: [String: String], shapes: [String: Shape]
  ) {
    let header = try header(of: ReadableFile(path)).header
    let shapes = header.entries.map { ($0.name, Shape($0.dimensions)) }
    return (header.metadata, Dictionary(uniqueKeysWithValues: shapes))
  }

  private static func header(of file: borrowing ReadableFile) throws -> (
    header: SafetensorsHeader, dataStart: Int
  ) {
    let path = file.path
    func malformed(_ detail: String) -> CheckpointError {
      CheckpointError(file: path, .malformed(detail))
    }
    guard file.bytes >= 8 else { throw malformed("it has \(file.bytes) bytes") }
    let start = try file.read(8, at: 0)
    if isPickle(start) { throw CheckpointError(file: path, .pickled) }
    let length = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= SafetensorsHeader.maximumBytes else {
      throw malformed("it announces a header of \(length) bytes")
    }
    guard Int(length) <= file.bytes - 8 else {
      throw CheckpointError(
        file: path, .truncated(expectedBytes: 8 + Int(length), foundBytes: file.bytes))
    }
    let header: SafetensorsHeader
    do {
      header = try SafetensorsHeader(json: try file.read(Int(length), at: 8))
    } catch let fault as HeaderFault {
      throw malformed(fault.detail)
    }
    let dataStart = 8 + Int(length)
    let (expected, overflow) = dataStart.addingReportingOverflow(header.dataBytes)
    guard !overflow else { throw malformed("its offsets are absurdly large") }
    guard expected <= file.bytes else {
      throw CheckpointError(
        file: path, .truncated(expectedBytes: expected, foundBytes: file.bytes))
    }
    guard expected == file.bytes else {
      throw malformed("\(file.bytes - expected) bytes follow the last tensor")
    }
    return (header, dataStart)
  }
}

extension Safetensors {
  /// Whether a file begins as `torch.save` has it: an archive, or in old versions a bare pickle.
  private static func isPickle(_ start: [UInt8]) -> Bool {
    start.starts(with: [0x50, 0x4b, 0x03, 0x04]) || start.starts(with: [0x80, 0x02, 0x8a, 0x0a])
  }
}

// MARK: - Writing

extension Safetensors {
  /// Writes a file, in one piece or not at all.
  ///
  /// Equal contents give equal bytes.
  ///
  /// - Parameters:
  ///   - path: The file, replaced if it exists.
  ///   - type: How all tensors are stored.
  /// - Throws: `FileError` if the file cannot be written; `CheckpointError` if a number is too
  ///   large for `type`.
  public func write(to path: String, as type: StoredType = .float32) throws {
    let sorted = tensors.sorted { $0.key < $1.key }
    var header = SafetensorsHeader(metadata: metadata)
    var position = 0
    for (name, tensor) in sorted {
      let end = position + tensor.count * (type == .float32 ? 4 : 2)
      header.entries.append(
        .init(
          name: name, type: type.rawValue, dimensions: tensor.shape.dimensions, begin: position,
          end: end))
      position = end
    }
    try AtomicFile.write(to: path) { writer in
      try writer.write(header.encoded)
      for (name, tensor) in sorted {
        switch type {
        case .float32: try tensor.withBytes { try writer.write($0) }
        case .float16:
          let halves = try tensor.halves { value in
            CheckpointError(
              file: path, .unrepresentable(tensor: name, value: value, type: type.rawValue))
          }
          try halves.withUnsafeBytes { try writer.write($0) }
        }
      }
    }
  }
}
