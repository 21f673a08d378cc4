import Tensors

/// The architecture of a network that tells classes of pictures apart, enough to build it.
public struct ClassifierDescription: Codable, Hashable, Sendable {
  /// Rows and columns of the pictures, at least 8.
  public var size: Int
  /// Channels of the pictures.
  public var channels: Int
  /// Classes, at least 2.
  public var classes: Int
  /// Channels after the first convolution.
  public var filters: Int
  /// Numbers that a picture is reduced to before it is judged.
  public var features: Int

  /// Describes a classifier.
  public init(size: Int, channels: Int, classes: Int, filters: Int = 32, features: Int = 64) {
    self.size = size
    self.channels = channels
    self.classes = classes
    self.filters = filters
    self.features = features
  }
}

extension ClassifierDescription {
  /// Whether the network can be built and these weights can be its own, as far as that shows before
  /// memory is asked for.
  fileprivate func fits(_ parameters: [String: Tensor]) -> Bool {
    // JPEG's longest side; what else could be absurd has a weight of its size.
    (8...65_500).contains(size) && classes >= 2
      && [channels, filters, features].allSatisfy { $0 >= 1 }
      // Two convolutions in a row, 3 × 3 at least, and what 4 × 4 pixels are reduced by.
      && parameters.mayFill(
        atLeast: Double(filters) * (9 * Double(filters) + 16 * Double(features)))
      && parameters["main.0.weight"]?.shape.dimensions == [channels, 4, 4, filters]
      && parameters["reduction.weight"]?.shape.dimensions.last == features
      && parameters["judgement.weight"]?.shape.dimensions == [features, classes]
      && parameters.values.allSatisfy(\.isFinite)
  }
}

/// A trained classifier, and what is known about it.
///
/// On disk it is a safetensors file: tensors named `classifier.` and the network's key, in
/// PyTorch's layouts, and JSON under the key `cyclegan` of the metadata, whose `kind` says
/// `classifier`.
public struct ClassifierFile: Sendable, Equatable {
  /// What is known about it.
  public struct Description: Codable, Equatable, Sendable {
    /// The version of the description; a newer program's may be higher.
    public var version = ModelDescription.currentVersion
    /// What tells this kind of model from others.
    public private(set) var kind = Self.kind
    /// The network.
    public var classifier: ClassifierDescription
    /// The names of the classes.
    public var labels: [String]
    /// A check sum of the pictures and labels that it has learnt from.
    public var pictures: UInt64
    /// The share of held-out pictures that it names rightly, 0…1.
    public var accuracy: Double

    static let kind = "classifier"

    /// Describes a trained classifier.
    public init(
      classifier: ClassifierDescription, labels: [String], pictures: UInt64, accuracy: Double
    ) {
      self.classifier = classifier
      self.labels = labels
      self.pictures = pictures
      self.accuracy = accuracy
    }
  }

  /// What is known about it.
  public var description: Description
  /// The parameters by key, filters in this library's layout.
  public var parameters: [String: Tensor]

  /// Creates a model.
  public init(description: Description, parameters: [String: Tensor]) {
    self.description = description
    self.parameters = parameters
  }

  /// Reads a classifier.
  ///
  /// - Throws: `FileError`, or `CheckpointError` if it is something else.
  public static func read(_ path: String) throws -> ClassifierFile {
    let contents = try Safetensors.read(path)
    guard try ModelKind(contents.metadata, file: path) == .classifier else {
      throw CheckpointError(file: path, .notAClassifier)
    }
    let description = try Safetensors.description(
      Description.self, in: contents.metadata, file: path)
    let parameters = contents.parameters(inside: prefix)
    guard description.labels.count == description.classifier.classes,
      description.classifier.fits(parameters)
    else { throw CheckpointError(file: path, .notAClassifier) }
    return ClassifierFile(description: description, parameters: parameters)
  }

  /// Writes the model, in one piece or not at all.
  ///
  /// - Throws: `FileError`.
  public func write(to path: String) throws {
    var contents = try Safetensors(describedBy: description)
    contents.put(parameters, inside: Self.prefix)
    try contents.write(to: path)
  }

  private static let prefix = "classifier."
}
