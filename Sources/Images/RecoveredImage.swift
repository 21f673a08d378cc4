/// A picture out of a file that may be damaged.
public struct RecoveredImage: Sendable, Equatable {
  /// The picture; where data is missing it is black or whatever the decoder filled in.
  public let image: Image
  /// What is wrong with the file, or `nil` if all is well.
  public let damage: String?

  /// The picture, if it is whole.
  ///
  /// - Parameter name: What errors call the file.
  /// - Throws: `ImageError` if a part of it is missing.
  public func whole(name: String) throws(ImageError) -> Image {
    if let damage { throw ImageError(name, .damaged(detail: damage)) }
    return image
  }
}
