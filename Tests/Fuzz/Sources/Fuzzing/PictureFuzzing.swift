import CycleGANKit

/// What is expected of a decoder that gets any bytes at all.
public enum PictureFuzzing {
  /// Enough for every way through the decoders, and quick.
  private static let limits = DecodingLimits(maximumPixels: 1 << 20, maximumBytes: 1 << 20)
  /// Larger pictures are not encoded again: that would take most of the time.
  private static let encodedPixels = 1 << 14

  /// Decodes bytes; traps if what comes out is no picture, or one that cannot be stored again.
  public static func decode(_ bytes: [UInt8]) {
    // A part of a picture is a picture too.
    if let recovered = try? ImageFile.recover(bytes, name: "fuzz", limits: limits) {
      check(recovered.image)
    }
    guard let picture = try? StoredPicture(decoding: bytes, name: "fuzz", limits: limits) else {
      return
    }
    check(picture.pixels.image)
    guard picture.pixels.width * picture.pixels.height <= encodedPixels else { return }
    for format in ImageFormat.allCases { store(picture, as: format) }
  }

  private static func check(_ image: Image) {
    precondition(
      image.width > 0 && image.height > 0
        && image.samples.count == image.width * image.height * image.channels,
      "\(image.samples.count) samples of \(image.width) × \(image.height) × \(image.channels)")
  }

  /// What was decoded must be accepted again once it is encoded, metadata and all.
  private static func store(_ picture: StoredPicture, as format: ImageFormat) {
    do {
      let stored = try picture.encoded(.init(format: format), name: "fuzz")
      let again = try StoredPicture(decoding: stored, name: "fuzz", limits: limits)
      precondition(
        again.pixels.width == picture.pixels.width && again.pixels.height == picture.pixels.height,
        "\(picture.pixels.width) × \(picture.pixels.height) became "
          + "\(again.pixels.width) × \(again.pixels.height)")
    } catch {
      preconditionFailure("a decoded picture cannot be stored as \(format): \(error)")
    }
  }
}
