import Images
import Testing

@Suite("PNG")
struct PNGTests {
  static let kinds = TestPNG.Color.allCases.flatMap { color in
    color.depths.flatMap { depth in [false, true].map { (color, depth, $0) } }
  }

  private static let palette = (0..<256).flatMap { [UInt8($0), UInt8(255 - $0), UInt8($0 ^ 0x55)] }

  @Test("every colour type and depth is decoded, interlaced or not", arguments: kinds)
  func everyKind(color: TestPNG.Color, depth: Int, interlaced: Bool) throws {
    var file = TestPNG.sample(color, depth: depth, interlaced: interlaced)
    var expected = file.levels.map(file.scaled)
    if color == .palette {
      file.ancillary = [("PLTE", Array(Self.palette.prefix(3 << depth)))]
      expected = file.levels.flatMap { Self.palette[3 * $0..<3 * $0 + 3] }
    }
    let image = try PNG.decode(file.encoded)
    #expect(image.width == 11 && image.height == 9)
    #expect(image.channels == (color == .palette ? 3 : color.channels))
    #expect(image.samples == expected)
  }

  @Test("the transparent colour becomes an alpha channel", arguments: [1, 2, 4, 8, 16])
  func transparentGrey(depth: Int) throws {
    var file = TestPNG.sample(.grey, depth: depth, interlaced: false)
    let transparent = file.levels[5]
    file.ancillary = [("tRNS", [UInt8(transparent >> 8), UInt8(transparent & 255)])]
    let image = try PNG.decode(file.encoded)
    #expect(image.channels == 2)
    #expect(
      image.samples == file.levels.flatMap { [file.scaled($0), $0 == transparent ? 0 : 255] })
  }

  @Test("only all three levels together are the transparent colour", arguments: [8, 16])
  func transparentColor(depth: Int) throws {
    var file = TestPNG.sample(.rgb, depth: depth, interlaced: true)
    let transparent = Array(file.levels[30..<33])
    file.levels[3] = transparent[0]
    file.ancillary = [("tRNS", transparent.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })]
    let image = try PNG.decode(file.encoded)
    #expect(image.channels == 4)
    #expect(image[10, 0, 3] == 0)
    #expect(image[1, 0, 0] == file.scaled(transparent[0]) && image[1, 0, 3] == 255)
  }

  @Test("a palette with transparency has an alpha channel; entries without one are opaque")
  func transparentPalette() throws {
    var file = TestPNG.sample(.palette, depth: 2, interlaced: false)
    file.ancillary = [("PLTE", Array(Self.palette.prefix(12))), ("tRNS", [0, 77])]
    let image = try PNG.decode(file.encoded)
    let alpha: [UInt8] = [0, 77, 255, 255]
    #expect(
      image.samples == file.levels.flatMap { Self.palette[3 * $0..<3 * $0 + 3] + [alpha[$0]] })
  }

  @Test("gamma does not change samples")
  func gamma() throws {
    var file = TestPNG.sample(.rgb, depth: 8, interlaced: false)
    file.ancillary = [("gAMA", TestPNG.bigEndian(100_000))]
    #expect(try PNG.decode(file.encoded).samples == file.levels.map { UInt8($0) })
  }

  @Test("an encoded picture is decoded to itself", arguments: 1...4, [0, 6, 9])
  func roundTrip(channels: Int, compression: Int) throws {
    let image = Image.noise(width: 33, height: 21, channels: channels)
    let bytes = try PNG.encode(image, compression: compression)
    #expect(ImageFormat(signatureOf: bytes) == .png)
    #expect(try PNG.decode(bytes) == image)
  }

  @Test("a palette index beyond the palette does no harm")
  func shortPalette() throws {
    var file = TestPNG.sample(.palette, depth: 8, interlaced: false)
    file.ancillary = [("PLTE", [1, 2, 3])]
    let image = try PNG.decode(file.encoded)
    #expect(image.samples.count == 11 * 9 * 3)
  }
}

extension Image {
  /// A picture of samples without any pattern, always the same.
  static func noise(width: Int, height: Int, channels: Int) -> Image {
    let samples = (0..<width * height * channels).map { index in
      UInt8(truncatingIfNeeded: (index &+ 1) &* 2_654_435_761 >> 13)
    }
    return Image(width: width, height: height, channels: channels, samples: samples)
  }

  /// A picture of slow gradients in one to three channels, which JPEG keeps well.
  static func gradient(width: Int, height: Int, channels: Int) -> Image {
    var image = Image(width: width, height: height, channels: channels)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          let right = x * (180 - 60 * channel) / width, down = y * (channel + 1) * 30 / height
          image[x, y, channel] = UInt8(20 + right + down)
        }
      }
    }
    return image
  }
}
