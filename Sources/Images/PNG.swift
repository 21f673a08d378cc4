/// Portable Network Graphics.
public enum PNG {
  /// Decodes a picture to 8-bit samples.
  ///
  /// Palettes become colours, transparent colours an alpha channel, 16-bit samples are rounded to
  /// 8 and those of fewer bits stretched to 0…255. Gamma and colour profiles are left alone: the
  /// samples are those of the file. An EXIF orientation is applied.
  ///
  /// - Parameters:
  ///   - bytes: The file's contents.
  ///   - name: What errors call the file.
  ///   - limits: What size is refused.
  /// - Throws: `ImageError` for anything but a whole picture.
  public static func decode(
    _ bytes: [UInt8], name: String = "PNG data", limits: DecodingLimits = .init()
  ) throws(ImageError) -> Image {
    try recover(bytes, name: name, limits: limits).whole(name: name)
  }

  /// Decodes a picture as `decode` does, or the part of it that is there.
  ///
  /// - Throws: `ImageError` when nothing can be recovered.
  public static func recover(
    _ bytes: [UInt8], name: String = "PNG data", limits: DecodingLimits = .init()
  ) throws(ImageError) -> RecoveredImage {
    try CodecReader.png.decode(bytes, format: .png, name: name, limits: limits)
  }

  /// Encodes a picture, every sample as it is.
  ///
  /// - Parameters:
  ///   - image: One to four channels, kept as grey, grey and alpha, colour, or colour and alpha.
  ///   - compression: From 0 (quick) to 9 (small).
  ///   - name: What errors call the file.
  /// - Throws: `ImageError` when memory runs out.
  public static func encode(
    _ image: Image, compression: Int = 6, name: String = "PNG data"
  ) throws(ImageError) -> [UInt8] {
    precondition((0...9).contains(compression), "PNG compression of \(compression), not 0 to 9")
    return try encodePNG(.bytes(image), level: compression, name: name)
  }
}
