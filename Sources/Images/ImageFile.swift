import Files

/// Pictures in files.
///
/// The bytes decide the format, not the name.
public enum ImageFile {
  /// Reads and decodes a picture.
  ///
  /// - Throws: `FileError` if the file cannot be read, `ImageError` if it is not a whole picture.
  public static func read(_ path: String, limits: DecodingLimits = .init()) throws -> Image {
    try decode(WholeFile.read(path, limit: limits.maximumBytes), name: path, limits: limits)
  }

  /// Reads and decodes a picture, or the part of it that is there.
  ///
  /// - Throws: `FileError` if the file cannot be read, `ImageError` if nothing can be recovered.
  public static func recover(
    _ path: String, limits: DecodingLimits = .init()
  ) throws -> RecoveredImage {
    try recover(WholeFile.read(path, limit: limits.maximumBytes), name: path, limits: limits)
  }

  /// Decodes a picture of any known format.
  ///
  /// - Parameters:
  ///   - bytes: The file's contents.
  ///   - name: What errors call the file.
  ///   - limits: What size is refused.
  /// - Throws: `ImageError` for anything but a whole picture.
  public static func decode(
    _ bytes: [UInt8], name: String, limits: DecodingLimits = .init()
  ) throws(ImageError) -> Image {
    try recover(bytes, name: name, limits: limits).whole(name: name)
  }

  /// Decodes a picture of any known format, or the part of it that is there.
  ///
  /// - Throws: `ImageError` when nothing can be recovered.
  public static func recover(
    _ bytes: [UInt8], name: String, limits: DecodingLimits = .init()
  ) throws(ImageError) -> RecoveredImage {
    switch ImageFormat(signatureOf: bytes) {
    case .png: return try PNG.recover(bytes, name: name, limits: limits)
    case .jpeg: return try JPEG.recover(bytes, name: name, limits: limits)
    case nil:
      let guess = ImageFormat.guessForeign(bytes)
      throw ImageError(name, .unknownFormat(firstBytes: Array(bytes.prefix(8)), guess: guess))
    }
  }

  /// Encodes a picture.
  ///
  /// - Parameters:
  ///   - image: The picture; without alpha for JPEG.
  ///   - format: The format.
  ///   - quality: For JPEG, from 1 to 100.
  ///   - name: What errors call the file.
  public static func encode(
    _ image: Image, as format: ImageFormat, quality: Int = 92, name: String
  ) throws(ImageError) -> [UInt8] {
    switch format {
    case .png: try PNG.encode(image, name: name)
    case .jpeg: try JPEG.encode(image, quality: quality, name: name)
    }
  }

  /// Encodes a picture and writes it; the path holds the old file or the whole new one.
  ///
  /// - Parameters:
  ///   - image: The picture; without alpha for JPEG.
  ///   - path: The file, in a folder that exists.
  ///   - format: The format, or `nil` for the one that the name asks for.
  ///   - quality: For JPEG, from 1 to 100.
  /// - Throws: `ImageError` if the picture does not suit the format, `FileError` if it cannot be
  ///   written.
  public static func write(
    _ image: Image, to path: String, format: ImageFormat? = nil, quality: Int = 92
  ) throws {
    guard let format = format ?? ImageFormat(extensionOf: path) else {
      throw ImageError(path, .unknownExtension)
    }
    try AtomicFile.write(encode(image, as: format, quality: quality, name: path), to: path)
  }
}
