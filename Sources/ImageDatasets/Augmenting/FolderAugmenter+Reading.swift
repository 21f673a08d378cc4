import Augmentation
import Files
import Images

extension FolderAugmenter {
  /// A picture with its labels and its mask, and what its file says about them.
  struct ReadPicture {
    let picture: AnnotatedImage
    let labels: PictureLabels?
    let palette: PNG.Palette?
    /// What is missing of it; nil if nothing is.
    let damage: String?
    /// Whether its file has 16 bits a channel.
    let isDeep: Bool
    /// What its file says its levels mean.
    let colors: PictureMetadata
  }

  /// Reads a picture and what belongs to it.
  func read(_ input: String, _ name: String) throws -> ReadPicture {
    let found = try StoredPicture(
      decoding: WholeFile.read(input, limit: DecodingLimits().maximumBytes), name: input,
      acceptsDamage: acceptsDamage)
    var picture = AnnotatedImage(found.pixels.image)
    let mask = try masks.map { try StoredMask(of: name, in: $0, for: picture.size) }
    picture.masks = mask?.planes ?? []
    let known = try labels?.labels(of: name, size: picture.size)
    picture.boxes = known?.boxes ?? []
    picture.keypoints = known?.keypoints ?? []
    picture.outlines = known?.outlines ?? []
    let isDeep = if case .words = found.pixels { true } else { false }
    return ReadPicture(
      picture: picture, labels: known, palette: mask?.palette, damage: found.damage,
      isDeep: isDeep, colors: found.metadata.colors)
  }
}
