import Images
import Tensors

/// A change to a picture, and to what belongs to it, whose strength is drawn at random.
///
/// Drawing and applying are apart: what was drawn can be recorded and applied again, also to
/// another picture. What is drawn therefore names shares of a picture rather than pixels wherever
/// both would do.
///
/// - SeeAlso: `PixelOperation` and `SpatialOperation`, one of which nearly all operations are.
public protocol ImageOperation: PipelineStep {
  /// What is drawn for each picture.
  associatedtype Drawn: Codable & Sendable

  /// The name under which recipes, records and errors know the operation.
  static var name: String { get }

  /// What it does, in a sentence.
  static var summary: String { get }

  /// What can be set, beside the probability.
  static var options: [OperationOption<Self>] { get }

  /// Creates the operation as a recipe that sets nothing means it.
  init()

  /// How often a pipeline applies the operation: 0 never, 1 always.
  var probability: Float { get set }

  /// Makes sure that what the operation needs beside the picture is there; nothing, for most.
  ///
  /// - Throws: If it is missing or cannot be read.
  func prepare() throws(AugmentationError)

  /// Draws what is to be done to a picture of some size.
  ///
  /// - Throws: If the operation cannot be applied to such a picture.
  func draw(
    for size: PixelSize, using random: inout SeededRandom
  ) throws(AugmentationError) -> Drawn

  /// Does what was drawn.
  ///
  /// - Throws: If it cannot be done to this picture.
  func apply(_ drawn: Drawn, to picture: inout AnnotatedImage) throws(AugmentationError)
}

/// What is drawn where nothing is.
public struct NothingDrawn: Codable, Sendable, Equatable {
  /// Creates it.
  public init() {}
}

extension ImageOperation {
  /// The name of the type.
  public static var name: String { "\(Self.self)" }

  /// Nothing is needed.
  public func prepare() {}

  /// The operation as a step.
  public var node: PipelineNode { PipelineNode(kind: .operation(self), probability: probability) }

  /// Draws and applies at once, whatever the probability.
  ///
  /// - Throws: If the operation cannot be applied to such a picture.
  public func apply(
    to picture: AnnotatedImage, using random: inout SeededRandom
  ) throws(AugmentationError) -> AnnotatedImage {
    var picture = picture
    try apply(try draw(for: picture.size, using: &random), to: &picture)
    return picture
  }

  /// Draws and applies at once, whatever the probability.
  ///
  /// - Throws: If the operation cannot be applied to such a picture.
  public func apply(
    to image: Image, using random: inout SeededRandom
  ) throws(AugmentationError) -> Image {
    try apply(to: AnnotatedImage(image), using: &random).image
  }

  /// Traps where an option lies outside its bounds.
  func requireValid() {
    precondition(
      (0...1).contains(probability), "\(Self.name) with probability \(probability)")
    for option in Self.options {
      let problem = option.problem(self)
      precondition(problem == nil, "\(Self.name): \(option.name) \(problem ?? "")")
    }
  }
}

extension ImageOperation where Drawn == NothingDrawn {
  /// Draws nothing.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> NothingDrawn {
    NothingDrawn()
  }
}

/// An operation that changes colours and leaves masks, boxes and keypoints alone.
public protocol PixelOperation: ImageOperation {
  /// The picture with what was drawn done to it; its size and channels stay.
  func changed(_ image: Image, by drawn: Drawn) throws(AugmentationError) -> Image
}

extension PixelOperation {
  /// Changes the picture and those beside it.
  public func apply(
    _ drawn: Drawn, to picture: inout AnnotatedImage
  ) throws(AugmentationError) {
    try picture.recolor { image throws(AugmentationError) in try changed(image, by: drawn) }
  }
}

/// An operation that moves pixels, and masks, boxes and keypoints along with them.
public protocol SpatialOperation: ImageOperation {
  /// How pixels move.
  associatedtype Map: SpatialMap

  /// Where everything in a picture of some size goes.
  func map(_ drawn: Drawn, for size: PixelSize) throws(AugmentationError) -> Map
}

extension SpatialOperation {
  /// Moves everything.
  public func apply(
    _ drawn: Drawn, to picture: inout AnnotatedImage
  ) throws(AugmentationError) {
    picture.move(by: try map(drawn, for: picture.size))
  }
}
