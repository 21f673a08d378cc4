import Files

/// A picture with all that its file says about it, so that another one can take its place.
public struct StoredPicture: Sendable {
  /// The pixels, upright.
  public var pixels: Pixels
  /// What the file says about them.
  public var metadata: PictureMetadata
  /// How the file has them turned, as the metadata say.
  public var orientation: Orientation { Orientation(exif: metadata.exif) ?? .upright }
  /// The file's format.
  public let format: ImageFormat
  /// How coarse the file is, if it is a JPEG file that says so.
  public let coarseness: JPEG.Coarseness?
  /// What is wrong with the file, or nil if the picture is whole.
  public let damage: String?

  /// Those of the upright pixels that the metadata are about; nil if these are others.
  private let describedExtents: (width: Int, height: Int)?

  /// Creates a picture that is to be stored: whole, turned as the metadata say, as JPEG of quality 95
  /// unless the encoding says otherwise.
  ///
  /// - Parameters:
  ///   - pixels: The pixels, upright, as deep as a PNG file is to have them.
  ///   - metadata: What the file is to say about them; what does not suit them is left out.
  ///   - format: The file's format.
  public init(_ pixels: Pixels, metadata: PictureMetadata = .init(), format: ImageFormat = .png) {
    self.pixels = pixels
    self.metadata = metadata
    self.format = format
    coarseness = nil
    damage = nil
    describedExtents = nil
  }

  /// Decodes a picture of any known format, 16-bit PNG as such.
  ///
  /// - Parameters:
  ///   - bytes: The file's contents.
  ///   - name: What errors call the file.
  ///   - acceptsDamage: Whether a part of the picture may be missing; `damage` tells.
  ///   - limits: What size is refused.
  /// - Throws: `ImageError` for anything but a whole picture, or where nothing can be recovered.
  public init(
    decoding bytes: [UInt8], name: String, acceptsDamage: Bool = false,
    limits: DecodingLimits = .init()
  ) throws(ImageError) {
    // What is neither of the two is refused with a guess at what it is.
    format = ImageFormat(signatureOf: bytes) ?? .png
    switch ImageFormat(signatureOf: bytes) {
    case .png:
      let outcome = try CodecReader.png.decode(
        bytes, format: .png, keepsDepth: true, name: name, limits: limits)
      damage = outcome.damage
      pixels = outcome.pixels.applying(outcome.orientation)
      metadata = PictureMetadata(png: bytes)
      coarseness = nil
    default:
      let recovered = try ImageFile.recover(bytes, name: name, limits: limits)
      damage = recovered.damage
      pixels = .bytes(recovered.image)
      metadata = PictureMetadata(jpeg: bytes)
      coarseness = JPEG.Coarseness(of: bytes)
    }
    describedExtents = (pixels.width, pixels.height)
    if let damage, !acceptsDamage { throw ImageError(name, .damaged(detail: damage)) }
  }

  /// Scales the picture so that its shorter side has a length.
  ///
  /// - Parameters:
  ///   - side: The length, in pixels.
  ///   - name: What errors call the file.
  ///   - limits: What size is refused: a long line of pixels would become very long indeed.
  /// - Throws: `ImageError` if the picture would be too large.
  public mutating func scale(
    shorterSide side: Int, name: String, limits: DecodingLimits = .init()
  ) throws(ImageError) {
    let shorter = min(pixels.width, pixels.height)
    func scaled(_ extent: Int) -> Int { (2 * extent * side + shorter) / (2 * shorter) }
    let (width, height) = (scaled(pixels.width), scaled(pixels.height))
    do {
      try limits.check(width: width, height: height, name: name)
    } catch {
      throw ImageError(
        name,
        .tooManyScaledPixels(width: width, height: height, limit: limits.maximumPixels))
    }
    pixels = pixels.resized(width: width, height: height)
  }

  /// How a picture is to be written.
  public struct Encoding: Sendable, Equatable {
    /// The format; nil for that of the file it came from.
    public var format: ImageFormat?
    /// For JPEG, from 1 to 100; nil for that of the file it came from, 95 if that was no JPEG file.
    public var quality: Int?

    /// Names both.
    public init(format: ImageFormat? = nil, quality: Int? = nil) {
      self.format = format
      self.quality = quality
    }
  }

  /// Encodes the picture as its file was: turned, coarse and described alike.
  ///
  /// Transparency becomes white where the format has none, and 16 bits become 8.
  ///
  /// - Parameters:
  ///   - encoding: What is to be different.
  ///   - name: What errors call the file.
  /// - Throws: `ImageError` for a picture that the format cannot hold.
  public func encoded(_ encoding: Encoding = .init(), name: String) throws(ImageError) -> [UInt8] {
    var metadata = metadata
    let turned = pixels.applying(turnedMetadata(&metadata).inverse)
    let colors = turned.isGrey ? 1 : 3
    switch encoding.format ?? format {
    case .png:
      let bytes = try encodePNG(turned, level: 6, name: name)
      return metadata.added(toPNG: bytes, colors: colors)
    case .jpeg:
      let opaque = turned.image.composited(over: [255])
      let bytes = try JPEG.encode(opaque, coarseness(encoding.quality), name: name)
      return metadata.added(toJPEG: bytes, colors: colors)
    }
  }

  private func coarseness(_ quality: Int?) -> JPEG.Coarseness {
    let original = coarseness ?? .init(divisors: .quality(95))
    guard let quality else { return original }
    return .init(divisors: .quality(quality), subsampling: original.subsampling)
  }

  /// Corrects what is said about the old pixels; returns how the new ones are to be turned.
  private func turnedMetadata(_ metadata: inout PictureMetadata) -> Orientation {
    guard var exif = ExifBlock(metadata.exif) else {
      metadata.exif = []
      return .upright
    }
    exif.forgetThumbnail()
    if pixels.width != describedExtents?.width || pixels.height != describedExtents?.height {
      let sides = orientation.exchangesSides
      exif.setExtents(
        width: sides ? pixels.height : pixels.width, height: sides ? pixels.width : pixels.height)
    }
    metadata.exif = exif.bytes
    // A JPEG segment holds no more, and without the block nothing would turn the picture back.
    guard exif.bytes.count <= 65_000 else {
      metadata.exif = []
      return .upright
    }
    return orientation
  }
}
