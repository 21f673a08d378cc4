/// Pictures whose levels are names: as deep as they were stored, with indices for colours.
extension PNG {
  /// The colours that indices stand for, as the chunks of a file have them.
  package struct Palette: Sendable, Equatable {
    let chunks: [UInt8]
  }

  /// Decodes a picture as it is stored: 16-bit samples as such, of a palette the indices.
  ///
  /// - Throws: `ImageError` for anything but a whole picture.
  package static func decodeStored(
    _ bytes: [UInt8], name: String, limits: DecodingLimits = .init()
  ) throws(ImageError) -> (pixels: Pixels, palette: Palette?) {
    let indexed = IndexedPNG(bytes)
    let outcome = try CodecReader.png.decode(
      indexed?.grey ?? bytes, format: .png, keepsDepth: true, name: name, limits: limits)
    if let damage = outcome.damage { throw ImageError(name, .damaged(detail: damage)) }
    let pixels = outcome.pixels.applying(outcome.orientation)
    guard let indexed, case .bytes(var indices) = pixels else { return (pixels, nil) }
    // Levels of fewer bits were stretched to 0…255.
    if indexed.step > 1 {
      for at in indices.samples.indices { indices.samples[at] /= indexed.step }
    }
    return (.bytes(indices), Palette(chunks: indexed.palette))
  }

  /// Encodes a picture, every sample as it is; with a palette its levels are indices.
  ///
  /// - Throws: `ImageError` when memory runs out.
  package static func encode(
    stored pixels: Pixels, palette: Palette?, name: String
  ) throws(ImageError) -> [UInt8] {
    let bytes = try encodePNG(pixels, level: 6, name: name)
    guard let palette, pixels.channels == 1, case .bytes = pixels else { return bytes }
    return IndexedPNG.coloured(bytes, by: palette.chunks)
  }
}

/// A PNG file of a palette, taken apart.
///
/// Its pixels are packed as those of a grey picture are, so that one header makes it the other.
private struct IndexedPNG {
  /// The file of a grey picture whose levels are the indices.
  let grey: [UInt8]
  /// The chunks `PLTE` and `tRNS`.
  let palette: [UInt8]
  /// How far apart the levels of two neighbouring indices are.
  let step: UInt8

  private static let signature = 8, header = 25, greyType: UInt8 = 0, paletteType: UInt8 = 3

  /// Nil for a picture without a palette.
  init?(_ bytes: [UInt8]) {
    let start = Self.signature + Self.header
    guard ImageFormat(signatureOf: bytes) == .png, bytes.count > start,
      bytes[25] == Self.paletteType, [1, 2, 4, 8].contains(bytes[24])
    else { return nil }
    step = UInt8(255 / ((1 << Int(bytes[24])) - 1))
    var grey = Self.withType(Self.greyType, bytes[..<start]), palette: [UInt8] = []
    var position = start
    while let length = bytes[position...].number(at: 0, bytes: 4),
      length + 12 <= bytes.count - position
    {
      let chunk = bytes[position..<position + length + 12]
      let isPalette = ["PLTE", "tRNS"].contains(
        String(decoding: chunk.dropFirst(4).prefix(4), as: UTF8.self))
      if isPalette { palette += chunk } else { grey += chunk }
      position += chunk.count
    }
    self.grey = grey + bytes[position...]
    self.palette = palette
  }

  /// The file of a grey picture with its levels made indices.
  static func coloured(_ grey: [UInt8], by palette: [UInt8]) -> [UInt8] {
    let start = signature + header
    return withType(paletteType, grey[..<start]) + palette + grey[start...]
  }

  /// Signature and header with another type of colour.
  private static func withType(_ type: UInt8, _ start: ArraySlice<UInt8>) -> [UInt8] {
    var start = Array(start)
    start[25] = type
    let sum = pngChecksum(Array(start[12..<29]))
    start.replaceSubrange(
      29..., with: (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * $0)) })
    return start
  }
}
