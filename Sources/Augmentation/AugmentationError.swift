/// An operation that cannot be applied, why, and what to do about it.
public enum AugmentationError: Error, Equatable, CustomStringConvertible {
  /// The part to be cut out is larger than the picture.
  case cropTooLarge(operation: String, crop: String, picture: String)

  /// What was found and the remedy, in a line.
  public var description: String {
    switch self {
    case .cropTooLarge(let operation, let crop, let picture):
      "\(operation) wants \(crop) pixels of a picture of \(picture)."
        + " Put a Resize before it, or crop less."
    }
  }
}
