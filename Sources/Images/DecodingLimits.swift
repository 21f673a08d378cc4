/// How large a picture may be before its file is refused, unread.
///
/// A header of a few bytes can claim gigabytes. The claim is compared with these limits, and with
/// what the file's bytes could hold at best, before memory is asked for.
public struct DecodingLimits: Sendable, Equatable {
  /// The most pixels that are decoded.
  public var maximumPixels: Int
  /// The most bytes that are read from a file.
  public var maximumBytes: Int

  /// Creates limits; the default takes everything that a camera makes.
  public init(maximumPixels: Int = 200_000_000, maximumBytes: Int = 1 << 30) {
    self.maximumPixels = maximumPixels
    self.maximumBytes = maximumBytes
  }

  /// Pictures up to this size are not held against their number of bytes: decoding is quick, and
  /// rare encodings hold flat areas in next to nothing.
  static let harmlessPixels = 1 << 24

  /// Refuses a picture that is too large.
  func check(width: Int, height: Int, name: String) throws(ImageError) {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= maximumPixels else {
      throw ImageError(name, .tooManyPixels(width: width, height: height, limit: maximumPixels))
    }
  }

  /// Refuses a header that asks too much.
  func check(
    width: Int, height: Int, bitsPerPixel: Int, format: ImageFormat, bytes: Int, name: String
  ) throws(ImageError) {
    try check(width: width, height: height, name: name)
    let pixels = width * height
    let possible = Double(bytes) * format.densestPixels(bitsPerPixel: bitsPerPixel)
    guard pixels <= Self.harmlessPixels || Double(pixels) <= possible else {
      throw ImageError(name, .tooFewBytes(width: width, height: height, bytes: bytes))
    }
  }

  /// The most passes over a picture that a progressive JPEG may ask for.
  ///
  /// Usual files have about ten, and a tiny file may hold thousands, each of which takes time in
  /// proportion to the pixels.
  static func scanLimit(pixels: Int) -> Int { min(max(8_000_000_000 / max(pixels, 1), 30), 500) }
}

extension ImageFormat {
  /// The most pixels that a byte of a file can stand for.
  fileprivate func densestPixels(bitsPerPixel: Int) -> Double {
    switch self {
    // Deflate spends at least a bit on each half of a 258-byte copy: 1032 to one.
    case .png: 1032 * 8 / Double(bitsPerPixel)
    // A Huffman code for each 8×8 block of a grey progressive picture: one bit for 64 pixels.
    case .jpeg: 512
    }
  }
}
