import Tensors

/// All that a training run needs to go on: named tensors, and a value that JSON can hold.
///
/// The file carries a checksum of its contents, so that a block that a failing disk returns
/// damaged is noticed before it is trained on.
public struct StateFile<Position: Codable & Sendable>: Sendable {
  /// Weights, moments, pooled pictures.
  public var tensors: [String: Tensor]
  /// Everything that is no tensor: step, epoch, seed, length of the log.
  public var position: Position

  /// Creates a state.
  public init(tensors: [String: Tensor], position: Position) {
    self.tensors = tensors
    self.position = position
  }

  /// Writes the state, in one piece or not at all.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func write(to path: String) throws {
    var contents = Safetensors(
      tensors: tensors, metadata: ["position": try CheckpointJSON.encode(position)])
    contents.metadata["checksum"] = Checksum(contents, except: "checksum").digits
    try contents.write(to: path)
  }

  /// Reads a state and checks it whole.
  ///
  /// - Throws: `FileError` if the file cannot be read, `CheckpointError` if it is damaged or is
  ///   none of this program's.
  public static func read(_ path: String) throws -> StateFile {
    let contents = try Safetensors.read(path)
    guard let position = contents.metadata["position"], let digits = contents.metadata["checksum"]
    else {
      throw CheckpointError(
        file: path, .metadata("this is no state of a training run. Name a run's state.safetensors"))
    }
    guard digits == Checksum(contents, except: "checksum").digits else {
      throw CheckpointError(file: path, .checksumMismatch)
    }
    return StateFile(
      tensors: contents.tensors,
      position: try CheckpointJSON.decode(Position.self, position, key: "position", file: path))
  }
}
