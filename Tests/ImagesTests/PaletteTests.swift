import Testing

@testable import Images

@Suite("PNG files as they are stored")
struct PaletteTests {
  private static let colors = (0..<256).flatMap { _ in [UInt8](arrayLiteral: 7, 8, 9) }

  @Test(
    "have indices where there is a palette, also one of equal colours", arguments: [1, 2, 4, 8])
  func indices(depth: Int) throws {
    for interlaced in [false, true] {
      var file = TestPNG.sample(.palette, depth: depth, interlaced: interlaced)
      file.ancillary = [("PLTE", Array(Self.colors.prefix(3 << depth))), ("tRNS", [0])]
      file.trailing = [("tEXt", [65, 0, 66])]
      let (pixels, palette) = try PNG.decodeStored(file.encoded, name: "a")
      let expected = Image(
        width: file.width, height: file.height, channels: 1,
        samples: file.levels.map { UInt8($0) })
      #expect(pixels == .bytes(expected))
      let again = try PNG.encode(stored: pixels, palette: palette, name: "b")
      let read = try PNG.decodeStored(again, name: "b")
      #expect(read.pixels == pixels && read.palette == palette && palette != nil)
      #expect(try PNG.decode(again) == PNG.decode(file.encoded), "the same colours")
    }
  }

  @Test("have levels where there is none")
  func levels() throws {
    for color in TestPNG.Color.allCases where color != .palette {
      for depth in color.depths {
        let file = TestPNG.sample(color, depth: depth, interlaced: false)
        let (pixels, palette) = try PNG.decodeStored(file.encoded, name: "a")
        #expect(palette == nil && pixels.channels == color.channels)
        if depth == 16, case .words(let image) = pixels {
          #expect(image.samples == file.levels.map { UInt16($0) })
        } else {
          #expect(depth < 16)
          #expect(try pixels == .bytes(PNG.decode(file.encoded)))
        }
      }
    }
  }

  @Test("that are cut off are an error")
  func cutOff() {
    var file = TestPNG.sample(.palette, depth: 8, interlaced: false)
    file.ancillary = [("PLTE", Self.colors)]
    for length in [30, 40, 900, file.encoded.count - 40] {
      #expect(throws: ImageError.self) {
        try PNG.decodeStored(Array(file.encoded.prefix(length)), name: "a")
      }
    }
  }
}
