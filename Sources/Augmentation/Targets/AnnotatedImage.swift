import Images

/// A picture and what belongs to it, changed together.
///
/// Operations that move pixels move all of it; operations on colours leave masks, boxes, keypoints
/// and outlines alone.
public struct AnnotatedImage: Sendable, Equatable {
  /// The picture.
  public var image: Image
  /// Further pictures of the same size, changed in the same way: depth, another season.
  public var images: [Image]
  /// Pictures of the same size whose levels are names: resampled to the nearest pixel.
  public var masks: [Image]
  /// Rectangles round things.
  public var boxes: [Box]
  /// Points of things.
  public var keypoints: [Keypoint]
  /// Polygons round things.
  public var outlines: [Outline]

  /// Creates a picture with what belongs to it.
  ///
  /// Traps if a further picture or a mask has another size.
  public init(
    _ image: Image, images: [Image] = [], masks: [Image] = [], boxes: [Box] = [],
    keypoints: [Keypoint] = [], outlines: [Outline] = []
  ) {
    for other in images + masks {
      precondition(
        other.width == image.width && other.height == image.height,
        "\(other.width)×\(other.height) beside a picture of \(image.width)×\(image.height)")
    }
    self.image = image
    self.images = images
    self.masks = masks
    self.boxes = boxes
    self.keypoints = keypoints
    self.outlines = outlines
  }

  /// Columns and rows of the picture.
  public var size: PixelSize { PixelSize(width: image.width, height: image.height) }

  /// Moves everything; boxes, keypoints and outlines that leave the picture are dropped.
  public mutating func move(by map: some SpatialMap) {
    image = map.image(image)
    for index in images.indices { images[index] = map.image(images[index]) }
    for index in masks.indices { masks[index] = map.mask(masks[index]) }
    boxes = boxes.compactMap { $0.moved(by: map) }
    keypoints = keypoints.compactMap { $0.moved(by: map) }
    outlines = outlines.compactMap { $0.moved(by: map) }
  }

  /// Changes the colours of the picture and of those beside it; traps if their size changes.
  mutating func recolor<Failure: Error>(
    _ change: (Image) throws(Failure) -> Image
  ) throws(Failure) {
    func changed(_ image: Image) throws(Failure) -> Image {
      let result = try change(image)
      precondition(
        result.width == image.width && result.height == image.height,
        "\(result.width)×\(result.height) pixels of \(image.width)×\(image.height)")
      return result
    }
    image = try changed(image)
    for index in images.indices { images[index] = try changed(images[index]) }
  }

  /// Drops boxes that are no boxes and cuts off what lies outside the picture.
  mutating func normalizeLabels() {
    boxes = boxes.compactMap { $0.clipped(to: size, outOf: $0.area) }
    keypoints = keypoints.filter { $0.isInside(size) }
    outlines = outlines.compactMap { $0.clipped(to: size) }
  }
}
