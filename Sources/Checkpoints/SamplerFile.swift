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
/// network, in PyTorch's layouts, and a description that names the family. Pictures that a perceptron
/// flattens run over rows, columns, channels. Without norms, a generator of convolutions still counts
/// their places (`main.0`, `main.3`), as a discriminator does not (`main.0`, `main.2`).
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

  /// Reads a model.
  ///
  /// - Throws: `FileError`, or `CheckpointError` if it is something else.
  public static func read(_ path: String) throws -> SamplerFile {
    let contents = try Safetensors.read(path)
    guard case .sampler = try ModelKind(contents.metadata, file: path) else {
      throw CheckpointError(file: path, .notASampler)
    }
    let description = try Safetensors.description(
      SamplerFileDescription.self, in: contents.metadata, file: path)
    let parameters = contents.parameters(inside: prefix)
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
    var contents = try Safetensors(describedBy: description)
    contents.put(parameters, inside: Self.prefix)
    try contents.write(to: path)
  }
}
