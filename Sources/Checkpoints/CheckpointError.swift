/// Why the contents of a checkpoint, a model or a run folder cannot be used.
///
/// What the system refuses (a file that is missing, a full disk) is a `FileError`.
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
  /// What was found.
  public enum Reason: Equatable, Sendable {
    /// The bytes are not a safetensors file, or it is damaged: what is wrong.
    case malformed(String)
    /// The bytes are a pickle, which holds programs as well as weights.
    case pickled
    /// The file ends before the data that its header announces.
    case truncated(expectedBytes: Int, foundBytes: Int)
    /// A tensor is stored as a type that cannot be read.
    case unsupportedType(tensor: String, type: String)
    /// A value does not fit the type it is to be stored as.
    case unrepresentable(tensor: String, value: Float, type: String)
    /// The contents are not those that were written.
    case checksumMismatch
    /// The metadata lack a key, or what it holds cannot be understood: what is wrong.
    case metadata(String)
    /// The weights do not form a generator: what is wrong.
    case notAGenerator(String)
    /// The model does something else than to translate.
    case notATranslator(String)
    /// The model does something else than to make samples from noise.
    case notASampler
    /// The model is none that tells classes of pictures apart.
    case notAClassifier
    /// The model holds no generator for a direction.
    case missingDirection(Direction)
    /// Another process, or a trainer in this one that is still there, writes to this run folder.
    case runInUse
  }

  /// Path of the file or folder.
  public let file: String
  /// What was found.
  public let reason: Reason

  package init(file: String, _ reason: Reason) {
    self.file = file
    self.reason = reason
  }

  /// Names the file, what was found, and what to do.
  public var description: String {
    switch reason {
    case .malformed(let detail):
      "\(file) is not a valid safetensors file: \(detail). Copy or download it again."
    case .pickled:
      "\(file) looks like a file of torch.save, which is for PyTorch alone. Convert it there: "
        + "from safetensors.torch import save_file; save_file(torch.load('\(file)', "
        + "map_location='cpu', weights_only=True), 'model.safetensors')"
    case .truncated(let expected, let found):
      "\(file) is cut off: it should hold \(expected) bytes and holds \(found). "
        + "Copy or download it again."
    case .unsupportedType(let tensor, let type):
      "\(file): tensor '\(tensor)' is stored as \(type). "
        + "Save it as F32, F16, BF16 or F64 instead."
    case .unrepresentable(let tensor, let value, let type):
      "\(file): \(value) in tensor '\(tensor)' does not fit \(type). Store the model as F32."
    case .checksumMismatch:
      "\(file) was damaged after it was written: its checksum does not match. "
        + "Restore it from a backup, or train anew."
    case .metadata(let detail):
      "\(file): \(detail)."
    case .notAGenerator(let detail):
      "\(file) holds no generator that can be used: \(detail). "
        + "Use a model that cyclegan has written, or the weights of a ResNet or U-Net generator."
    case .notATranslator(let detail):
      "\(file) translates nothing: it is \(detail). Use a model that `cyclegan train` has written, or "
        + "the weights of a ResNet or U-Net generator."
    case .notASampler:
      "\(file) makes no samples from noise. Use a model that `cyclegan gan train` has written."
    case .notAClassifier:
      "\(file) holds no classifier. Name one that `gan score` has written, or a new file for it."
    case .missingDirection(let direction):
      "\(file) holds no generator from \(direction.source) to \(direction.target). "
        + "Translate in the other direction, or use another model."
    case .runInUse:
      "Another process, or another trainer of this one, is training in \(file). Wait for it to end, or "
        + "choose another --output."
    }
  }
}
