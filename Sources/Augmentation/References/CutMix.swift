import Images
import Tensors

/// Pastes a part of a picture of another folder, at the same place.
///
/// Under it keypoints and outlines are dropped, masks become 0, and boxes lose the share of their
/// area that is covered from their visibility.
///
/// - SeeAlso: Yun et al., arXiv:1905.04899.
public struct CutMix: BorrowingOperation {
  /// What it does.
  public static let summary = "Pastes a part of a picture of another folder, at the same place."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .folder(\.folder),
    .range("size", \.size, in: 0.001...1, "Its sides, as shares of the width and the height."),
  ]

  /// What is drawn.
  public struct Drawn: Codable, Sendable, Equatable {
    /// Which of the folder's pictures, in the order of their names.
    public var picture: Int
    /// The part as left edge, top edge, width and height, as shares of the picture.
    public var part: [Double]
  }

  /// The pictures that are pasted.
  public var references = ReferenceFolder("")
  /// The part's sides, as shares of the width and the height.
  public var size: ClosedRange<Float> = 0.2...0.5
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, without a folder.
  public init() {}

  /// Creates the operation.
  public init(folder: String, size: ClosedRange<Float> = 0.2...0.5, probability: Float = 0.5) {
    references = ReferenceFolder(folder)
    self.size = size
    self.probability = probability
    requireValid()
  }

  /// Draws the picture and the part.
  ///
  /// - Throws: If the folder holds no pictures.
  public func draw(
    for size: PixelSize, using random: inout SeededRandom
  ) throws(AugmentationError) -> Drawn {
    let count = try references.count(for: Self.name)
    return Drawn(
      picture: random.integer(below: count), part: random.hole(sides: self.size))
  }

  /// Pastes the part.
  ///
  /// - Throws: If none of the folder's pictures can be read.
  public func apply(
    _ drawn: Drawn, to picture: inout AnnotatedImage
  ) throws(AugmentationError) {
    guard let part = PixelRectangle(hole: drawn.part, in: picture.size) else { return }
    let reference = try references.picture(drawn.picture, for: Self.name)
    picture.recolor { $0.pasting(reference.fitted(to: $0), in: part) }
    picture.coverLabels(at: [part], masks: true)
  }
}

extension Image {
  /// The picture with a part of another one of its size and channels.
  fileprivate func pasting(_ other: Image, in part: PixelRectangle) -> Image {
    var result = self
    for y in part.y..<part.y + part.height {
      let start = (y * width + part.x) * channels
      let row = start..<start + part.width * channels
      result.samples.replaceSubrange(row, with: other.samples[row])
    }
    return result
  }
}
