import Images

/// An operation that cannot be applied, why, and what to do about it.
public enum AugmentationError: Error, Equatable, CustomStringConvertible {
  /// The part to be cut out is larger than the picture.
  case cropTooLarge(operation: String, crop: String, picture: String)
  /// The result would be larger than any picture may be.
  case tooLarge(operation: String, result: String, limit: Int)
  /// A folder of further pictures cannot be used.
  case noReferences(operation: String, folder: String, reason: String)
  /// What the operation needs cannot be read or made; the reason names it and the remedy.
  case failed(operation: String, reason: String)

  /// What was found and the remedy, in a line.
  public var description: String {
    switch self {
    case .cropTooLarge(let operation, let crop, let picture):
      "\(operation) wants \(crop) pixels of a picture of \(picture)."
        + " Put a Resize before it, or crop less."
    case .tooLarge(let operation, let result, let limit):
      "\(operation) would make \(result) pixels, more than \(limit) along a side or"
        + " \(DecodingLimits().maximumPixels / 1_000_000) million in all. Ask for less."
    case .noReferences(let operation, let folder, let reason):
      "\(operation) takes pictures from \(folder): \(reason)."
        + " Name a folder that holds PNG or JPEG files."
    case .failed(let operation, let reason): "\(operation): \(reason)"
    }
  }
}
