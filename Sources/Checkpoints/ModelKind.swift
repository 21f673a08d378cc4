/// What a model file is for, as its description says.
public enum ModelKind: Equatable, Sendable {
  /// To translate; also what a file without a description is taken for.
  case translator
  /// To make samples from noise, by a generator of this family.
  case sampler(family: String)
  /// To tell classes of pictures apart.
  case classifier

  /// Finds out what a model file is for.
  ///
  /// - Throws: `FileError`, or `CheckpointError` if it is no model file.
  public init(of path: String) throws {
    try self.init(Safetensors.readHeader(path).metadata, file: path)
  }

  init(_ metadata: [String: String], file: String) throws(CheckpointError) {
    struct Traits: Decodable {
      var kind: String?
      var family: String?
    }
    guard let json = metadata[Safetensors.descriptionKey] else {
      self = .translator
      return
    }
    let traits = try CheckpointJSON.decode(
      Traits.self, json, key: Safetensors.descriptionKey, file: file)
    if traits.kind == ClassifierFile.Description.kind {
      self = .classifier
    } else if let family = traits.family {
      self = .sampler(family: family)
    } else {
      self = .translator
    }
  }
}
