import Augmentation
import Files
import Images

/// A mask as its file has it: levels of 8 or 16 bits, perhaps indices into a palette.
struct StoredMask {
  /// What moves as the picture does: the levels, or, of 16 bits, their high and their low bytes.
  ///
  /// Masks are moved pixel by pixel, so that the halves of a level stay together.
  let planes: [Image]
  /// What the levels stand for, if they are indices.
  let palette: PNG.Palette?

  /// Reads the mask of a picture.
  ///
  /// - Parameters:
  ///   - name: The picture's name relative to its folder.
  ///   - folder: The folder of masks.
  ///   - size: The picture's size.
  /// - Throws: `LabelError` if there is none of this size, or why it cannot be read.
  init(of name: String, in folder: String, for size: PixelSize) throws {
    let candidates = ["png", "jpg", "jpeg", "jpe", "jfif"].map {
      "\(folder)/\(name.replacingExtension(by: $0))"
    }
    guard let path = candidates.first(where: { FileEntry.isFile($0) })
    else { throw LabelError(candidates[0], "no such mask. Add it, or leave the picture out.") }
    let bytes = try WholeFile.read(path, limit: DecodingLimits().maximumBytes)
    let pixels: Pixels
    if ImageFormat(signatureOf: bytes) == .png {
      (pixels, palette) = try PNG.decodeStored(bytes, name: path)
    } else {
      pixels = .bytes(try ImageFile.decode(bytes, name: path))
      palette = nil
    }
    guard pixels.width == size.width, pixels.height == size.height else {
      throw LabelError(
        path,
        "a mask of \(pixels.width)×\(pixels.height) for a picture of \(size). Make them equal.")
    }
    planes = Self.planes(of: pixels)
  }

  /// The file of a mask that was moved; PNG.
  static func encoded(
    _ planes: [Image], palette: PNG.Palette?, name: String
  ) throws(ImageError) -> [UInt8] {
    try PNG.encode(stored: pixels(of: planes), palette: palette, name: name)
  }

  private static func planes(of pixels: Pixels) -> [Image] {
    switch pixels {
    case .bytes(let image): [image]
    case .words(let image):
      [8, 0].map { shift in
        Image(
          width: image.width, height: image.height, channels: image.channels,
          samples: image.samples.map { UInt8(truncatingIfNeeded: $0 >> shift) })
      }
    }
  }

  private static func pixels(of planes: [Image]) -> Pixels {
    guard planes.count == 2 else { return .bytes(planes[0]) }
    let high = planes[0], low = planes[1]
    return .words(
      DeepImage(
        width: high.width, height: high.height, channels: high.channels,
        samples: zip(high.samples, low.samples).map { UInt16($0) << 8 | UInt16($1) }))
  }
}
