import Tensors

/// What the file of a generator from noise says about itself.
public struct SamplerFileDescription: Codable, Equatable, Sendable {
  /// The version of the description; a newer program's may be higher.
  public var version = ModelDescription.currentVersion
  /// The family.
  public var family: GANFamily
  /// The generator.
  public var generator: SamplerDescription
  /// The names of the classes, as many as the generator has.
  public var labels: [String]
  /// How the model came to be; nil where that is not known.
  public var training: ModelDescription.Training?

  /// Describes a model.
  public init(
    family: GANFamily, generator: SamplerDescription, labels: [String] = [],
    training: ModelDescription.Training? = nil
  ) {
    self.family = family
    self.generator = generator
    self.labels = labels
    self.training = training
  }
}

/// A trained generator from noise, and what is known about it.
///
/// The format is `ModelFile`'s: tensors named `generator.` and the key of the usual PyTorch
/// network, in PyTorch's layouts, and a description that names the family.
public struct SamplerFile: Sendable, Equatable {
  /// What is known about the model.
  public var description: SamplerFileDescription
  /// The parameters by key (`main.0.weight`), filters in this library's layout.
  public var parameters: [String: Tensor]

  private static let prefix = "generator."

  /// Creates a model.
  public init(description: SamplerFileDescription, parameters: [String: Tensor]) {
    self.description = description
    self.parameters = parameters
  }

  /// Whether a model file holds a generator from noise, as its description says.
  ///
  /// - Throws: `FileError`, or `CheckpointError` if it is no model file.
  public static func isOne(_ path: String) throws -> Bool {
    try ModelFile.family(Safetensors.readHeader(path).metadata, file: path) != nil
  }

  /// Reads a model.
  ///
  /// - Throws: `FileError`, or `CheckpointError` if it is something else.
  public static func read(_ path: String) throws -> SamplerFile {
    let contents = try Safetensors.read(path)
    guard try ModelFile.family(contents.metadata, file: path) != nil else {
      throw CheckpointError(file: path, .notASampler)
    }
    let description = try CheckpointJSON.decode(
      SamplerFileDescription.self, contents.metadata[ModelFile.descriptionKey] ?? "",
      key: ModelFile.descriptionKey, file: path)
    let parameters = contents.tensors.inside(prefix).mapValues(\.inOurLayout)
    let file = SamplerFile(description: description, parameters: parameters)
    if let problem = file.problem { throw CheckpointError(file: path, .notAGenerator(problem)) }
    return file
  }

  /// What keeps the generator from being built; nil for nothing.
  private var problem: String? {
    if let problem = description.generator.problem(with: parameters) { return problem }
    let (labels, classes) = (description.labels.count, description.generator.classes)
    return labels == classes ? nil : "it names \(labels) labels for \(classes) classes"
  }

  /// Writes the model, in one piece or not at all.
  ///
  /// - Throws: `FileError`.
  public func write(to path: String) throws {
    var contents = Safetensors(metadata: [
      "format": "pt", ModelFile.descriptionKey: try CheckpointJSON.encode(description),
    ])
    for (key, tensor) in parameters {
      contents.tensors[Self.prefix + key] = tensor.inReferenceLayout
    }
    try contents.write(to: path)
  }
}

extension ModelFile {
  private struct Family: Decodable { var family: String? }

  /// The family that a description names; nil for networks that translate, and for no description.
  static func family(_ metadata: [String: String], file: String) throws -> String? {
    guard let json = metadata[descriptionKey] else { return nil }
    return try CheckpointJSON.decode(Family.self, json, key: descriptionKey, file: file).family
  }
}
