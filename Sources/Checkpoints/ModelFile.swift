import Tensors

/// A trained model: the generators of one direction or both, and what is known about them.
///
/// On disk it is a safetensors file. Tensors are named `generatorAB.` or `generatorBA.` and the
/// key of the reference implementation, and are stored in its layouts, so that Python loads them
/// as they are. The description is JSON under the key `cyclegan` of the metadata.
public struct ModelFile: Sendable, Equatable {
  /// What is known about the model.
  public var description: ModelDescription
  /// The parameters of each direction by the reference's keys (`model.1.weight`), filters in this
  /// library's layout `[I, KH, KW, O]`.
  public var generators: [Direction: [String: Tensor]]

  /// Creates a model.
  public init(description: ModelDescription, generators: [Direction: [String: Tensor]]) {
    self.description = description
    self.generators = generators
  }
}

// MARK: - Reading

extension ModelFile {
  /// Reads a model.
  ///
  /// A file without a description, as PyTorch saves one generator of the reference
  /// implementation, is taken as the direction A to B; its architecture is read off its tensors.
  ///
  /// - Parameters:
  ///   - path: A model file.
  ///   - directions: Which generators to read; an absent one is no error here.
  /// - Throws: `FileError` or `CheckpointError`.
  public static func read(
    _ path: String, directions: Set<Direction> = Set(Direction.allCases)
  ) throws -> ModelFile {
    let (metadata, shapes) = try Safetensors.readHeader(path)
    switch try ModelKind(metadata, file: path) {
    case .translator: break
    case .classifier:
      throw CheckpointError(
        file: path, .notATranslator("a classifier, which tells pictures apart"))
    case .sampler(let family):
      throw CheckpointError(
        file: path, .notATranslator("a \(family) model, which makes samples from noise"))
    }
    guard metadata[Safetensors.descriptionKey] != nil else {
      let generator = try GeneratorDescription(inferredFrom: shapes, file: path)
      let tensors = try Safetensors.read(path) { !isCounter($0) }.tensors
      let domains = ModelDescription.Domains(a: "A", b: "B")
      return ModelFile(
        description: ModelDescription(domains: domains, generator: generator),
        generators: [.aToB: tensors.mapValues(\.inOurLayout)])
    }
    let description = try Safetensors.description(
      ModelDescription.self, in: metadata, file: path)
    let contents = try Safetensors.read(path) { name in
      !isCounter(name) && directions.contains { name.hasPrefix($0.prefix) }
    }
    var generators: [Direction: [String: Tensor]] = [:]
    for direction in directions {
      let parameters = contents.parameters(inside: direction.prefix)
      if !parameters.isEmpty { generators[direction] = parameters }
    }
    return ModelFile(description: description, generators: generators)
  }

  /// Whether a tensor counts the steps of a batch norm, as PyTorch's do: an integer, of no use in
  /// translation.
  private static func isCounter(_ name: String) -> Bool { name.hasSuffix(".num_batches_tracked") }

  /// The parameters of a direction, or an error that names the file.
  ///
  /// - Throws: `CheckpointError` if the model holds no such generator.
  public func parameters(_ direction: Direction, file: String) throws -> [String: Tensor] {
    guard let parameters = generators[direction] else {
      throw CheckpointError(file: file, .missingDirection(direction))
    }
    return parameters
  }

  /// What tells the weights of a direction from others, in hexadecimal digits; nil where there are
  /// none.
  public func checksum(_ direction: Direction) -> String? {
    generators[direction].map { Checksum($0).digits }
  }
}

// MARK: - Writing

extension ModelFile {
  /// Writes the model, in one piece or not at all.
  ///
  /// - Parameters:
  ///   - path: The file, replaced if it exists.
  ///   - type: How weights are stored.
  /// - Throws: `FileError`, or `CheckpointError` if a weight is too large for `type`.
  public func write(to path: String, as type: Safetensors.StoredType = .float32) throws {
    var contents = try Safetensors(describedBy: description)
    for (direction, parameters) in generators {
      contents.put(parameters, inside: direction.prefix)
    }
    try contents.write(to: path, as: type)
  }
}
