/// JPEG, read in its baseline, progressive and lossless forms, written in the first.
public enum JPEG {
  /// How many pixels share a colour sample; brightness always has one for each pixel.
  public enum Subsampling: String, Sendable, CaseIterable {
    /// A colour sample for each pixel.
    case none = "4:4:4"
    /// One for two pixels side by side.
    case horizontal = "4:2:2"
    /// One for a block of 2×2 pixels.
    case both = "4:2:0"
    /// One for two pixels one above the other.
    case vertical = "4:4:0"
    /// One for four pixels side by side.
    case quarter = "4:1:1"

    var factors: (horizontal: Int32, vertical: Int32) {
      switch self {
      case .none: (1, 1)
      case .horizontal: (2, 1)
      case .both: (2, 2)
      case .vertical: (1, 2)
      case .quarter: (4, 1)
      }
    }
  }

  /// How much of a picture is given up for smaller files.
  public struct Coarseness: Sendable, Equatable {
    /// What frequencies are divided by before they are rounded.
    public enum Divisors: Sendable, Equatable {
      /// The usual ones, for a quality from 1 to 100.
      case quality(Int)
      /// Chosen ones, 64 for brightness and 64 for colour, row by row.
      case tables(brightness: [UInt16], color: [UInt16])
    }

    /// What frequencies are divided by before they are rounded.
    public var divisors: Divisors
    /// How coarse the colours become.
    public var subsampling: Subsampling

    /// Names both.
    public init(divisors: Divisors, subsampling: Subsampling = .both) {
      self.divisors = divisors
      self.subsampling = subsampling
    }
  }

  /// Decodes a picture to one channel (grey) or three (red, green, blue).
  ///
  /// Reads grey, YCbCr and RGB files as well as CMYK and YCCK, whose inks are taken as Adobe
  /// stores them, inverted, and are turned into colours without a profile. Lossless files of up to
  /// 16 bits are rounded to 8. An EXIF orientation is applied.
  ///
  /// - Parameters:
  ///   - bytes: The file's contents.
  ///   - name: What errors call the file.
  ///   - limits: What size is refused.
  /// - Throws: `ImageError` for anything but a whole picture.
  public static func decode(
    _ bytes: [UInt8], name: String = "JPEG data", limits: DecodingLimits = .init()
  ) throws(ImageError) -> Image {
    try recover(bytes, name: name, limits: limits).whole(name: name)
  }

  /// Decodes a picture as `decode` does, or the part of it that is there.
  ///
  /// - Throws: `ImageError` when nothing can be recovered.
  public static func recover(
    _ bytes: [UInt8], name: String = "JPEG data", limits: DecodingLimits = .init()
  ) throws(ImageError) -> RecoveredImage {
    if let lossless = try LosslessJPEG(bytes, name: name, limits: limits) {
      return try lossless.decode()
    }
    return try CodecReader.jpeg.decode(bytes, format: .jpeg, name: name, limits: limits)
  }

  /// Encodes a picture of one or three channels, each side at most 65,500.
  ///
  /// - Parameters:
  ///   - image: A picture without alpha: the format has none.
  ///   - quality: From 1 to 100; 92 is hard to tell from the original.
  ///   - subsampling: How coarse the colours become.
  ///   - optimizesCodes: Whether a smaller file is worth the time to find its best codes; the
  ///     pixels are the same.
  ///   - name: What errors call the file.
  /// - Throws: `ImageError` for a picture that the format cannot hold.
  public static func encode(
    _ image: Image, quality: Int = 92, subsampling: Subsampling = .both,
    optimizesCodes: Bool = true, name: String = "JPEG data"
  ) throws(ImageError) -> [UInt8] {
    precondition((1...100).contains(quality), "JPEG quality of \(quality), not 1 to 100")
    return try encode(
      image, Coarseness(divisors: .quality(quality), subsampling: subsampling),
      optimizesCodes: optimizesCodes, name: name)
  }

  /// Encodes a picture as coarsely as another file was, say.
  ///
  /// - Throws: `ImageError` for a picture that the format cannot hold.
  public static func encode(
    _ image: Image, _ coarseness: Coarseness, optimizesCodes: Bool = true,
    name: String = "JPEG data"
  ) throws(ImageError) -> [UInt8] {
    guard image.channels == 1 || image.channels == 3 else {
      throw ImageError(name, .unsupported(detail: "JPEG holds no transparency"))
    }
    return try encodeJPEG(image, coarseness, optimizesCodes: optimizesCodes, name: name)
  }
}
