import Augmentation
import Images

/// A copy of a picture as an augmenter made it, on its way into an output.
struct AugmentedSample: Sendable {
  /// The picture's name relative to the input folder.
  let input: String
  /// The copy's name, relative to the output.
  let name: String
  /// The number of the copy, from 0.
  let copy: Int
  /// The copy.
  let picture: AnnotatedImage
  /// Its labels, if the input has some.
  let labels: PictureLabels?
  /// What the levels of its mask stand for, if they are indices.
  let palette: PNG.Palette?
  /// What was done, if it is to be recorded.
  let record: AugmentationRecord?
  /// What is missing of the picture; nil if nothing is.
  let damage: String?
  /// Whether its file has 16 bits a channel, of which 8 are kept.
  let isDeep: Bool
  /// What its file says its levels mean, which its copies say too.
  let colors: PictureMetadata

  /// What the manifest says about it, in a line of JSON.
  var manifestLine: String {
    var entries: [OptionValue.Entry] = [
      .init("name", .text(name)), .init("input", .text(input)),
      .init("copy", .number(Double(copy))), .init("width", .number(Double(picture.size.width))),
      .init("height", .number(Double(picture.size.height))),
    ]
    if isDeep { entries.append(.init("inputBits", .number(16))) }
    if let damage { entries.append(.init("damage", .text(damage))) }
    if labels != nil {
      entries.append(.init("boxes", .list(picture.boxes.map(Self.value))))
      entries.append(.init("keypoints", .list(picture.keypoints.map(Self.value))))
      if !picture.outlines.isEmpty {
        entries.append(.init("outlines", .list(picture.outlines.map(Self.value))))
      }
    }
    if let record {
      if record.boxRules != BoxRules() {
        entries.append(.init("boxRules", record.boxRules.value))
      }
      entries.append(
        .init(
          "operations",
          .list(
            record.operations.map {
              .map([
                .init("operation", .text($0.operation)), .init("options", $0.options),
                .init("drawn", $0.drawn),
              ])
            })))
    }
    return OptionValue.map(entries).text
  }

  /// A box as its label and left, top, right and bottom edge.
  private static func value(_ box: Box) -> OptionValue {
    .map([
      .init("label", .text(box.label)),
      .init(
        "box", .list([box.left, box.top, box.right, box.bottom].map { .hundredths($0) })),
    ])
  }

  private static func value(_ point: Keypoint) -> OptionValue {
    .map([
      .init("label", .text(point.label)),
      .init("point", .list([.hundredths(point.x), .hundredths(point.y)])),
    ])
  }

  private static func value(_ outline: Outline) -> OptionValue {
    let numbers = outline.corners.flatMap { [$0.x, $0.y] }
    return .map([
      .init("label", .text(outline.label)),
      .init("corners", .list(numbers.map { .hundredths($0) })),
    ])
  }

  /// From this quality on each pixel of a JPEG has its colour: what colours gained, noise above all,
  /// would otherwise be means of four.
  private static let fullColorQuality = 90

  /// The picture as its name asks for it.
  func encodedPicture(quality: Int) throws -> [UInt8] {
    let image = picture.image
    switch ImageFormat(extensionOf: name) ?? .png {
    case .png:
      return colors.added(
        toPNG: try PNG.encode(image, name: name), colors: image.colors)
    case .jpeg:
      // A PNG may hide behind the name of a JPEG, which has no place for its alpha.
      let bytes = try JPEG.encode(
        image.hasAlpha ? image.composited(over: [255]) : image, quality: quality,
        subsampling: quality >= Self.fullColorQuality ? .none : .both, name: name)
      return colors.added(toJPEG: bytes, colors: image.colors)
    }
  }

  /// The mask, if there is one.
  func encodedMask() throws -> [UInt8]? {
    picture.masks.isEmpty
      ? nil : try StoredMask.encoded(picture.masks, palette: palette, name: name)
  }
}
