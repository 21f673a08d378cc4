import Tensors

/// What model files of all kinds have in common: a description, JSON under the key `cyclegan` of the
/// metadata, and each network's parameters in PyTorch's layouts under names that begin alike.
extension Safetensors {
  static let descriptionKey = "cyclegan"

  /// A model file without parameters.
  init(describedBy description: some Encodable) throws {
    self.init(metadata: [
      "format": "pt", Self.descriptionKey: try CheckpointJSON.encode(description),
    ])
  }

  /// The description of a model file.
  static func description<Description: Decodable>(
    _ type: Description.Type, in metadata: [String: String], file: String
  ) throws(CheckpointError) -> Description {
    try CheckpointJSON.decode(
      type, metadata[descriptionKey] ?? "", key: descriptionKey, file: file)
  }

  /// The parameters of the network whose names begin so, by their keys and in this library's layout.
  func parameters(inside prefix: String) -> [String: Tensor] {
    tensors.inside(prefix).mapValues(\.inOurLayout)
  }

  /// Adds the parameters of a network.
  mutating func put(_ parameters: [String: Tensor], inside prefix: String) {
    for (key, tensor) in parameters { tensors[prefix + key] = tensor.inReferenceLayout }
  }
}
