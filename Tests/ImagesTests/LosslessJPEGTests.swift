import Images
import Testing

@Suite("Lossless JPEG")
struct LosslessJPEGTests {
  private static func file(bits: Int, predictor: Int, channels: Int = 1, shift: Int = 0)
    -> TestLosslessJPEG
  {
    let levels = (0..<13 * 9 * channels).map {
      ($0 &* 2_654_435_761) >> 9 & ((1 << (bits - shift)) - 1)
    }
    return TestLosslessJPEG(
      width: 13, height: 9, channels: channels, bits: bits, predictor: predictor, shift: shift,
      levels: levels)
  }

  private func samples(of file: TestLosslessJPEG) -> [UInt8] {
    let top = (1 << file.bits) - 1
    return file.levels.map { UInt8((Double($0 << file.shift) * 255 / Double(top)).rounded()) }
  }

  @Test("every predictor and depth is decoded", arguments: 1...7, [2, 8, 12, 16])
  func kinds(predictor: Int, bits: Int) throws {
    for channels in [1, 3] {
      let file = Self.file(bits: bits, predictor: predictor, channels: channels)
      let image = try JPEG.decode(file.encoded)
      #expect(image.width == 13 && image.height == 9 && image.channels == channels)
      #expect(image.samples == samples(of: file))
    }
  }

  @Test("restart markers start the prediction anew", arguments: [1, 2, 4])
  func restarts(rows: Int) throws {
    var file = Self.file(bits: 8, predictor: 4)
    file.restartRows = rows
    #expect(try JPEG.decode(file.encoded).samples == samples(of: file))
  }

  @Test("levels that were shifted down are shifted back")
  func shift() throws {
    let file = Self.file(bits: 12, predictor: 7, shift: 3)
    #expect(try JPEG.decode(file.encoded).samples == samples(of: file))
  }

  @Test("a file cut off anywhere is an error or a recovered part")
  func truncated() throws {
    let file = Self.file(bits: 8, predictor: 1)
    let bytes = file.encoded, expected = samples(of: file)
    var recoveredParts = 0
    for count in 0..<bytes.count - 2 {
      guard let part = try? JPEG.recover(Array(bytes.prefix(count))) else { continue }
      // A last byte of padding may be missing without harm.
      if part.damage != nil { recoveredParts += 1 } else { #expect(part.image.samples == expected) }
      #expect(part.image.samples.prefix(13) == expected.prefix(13))
    }
    #expect(recoveredParts > 100)
  }

  @Test("an absurd size is refused")
  func absurd() throws {
    var bytes = Self.file(bits: 8, predictor: 1).encoded
    bytes.replaceSubrange(7..<11, with: [0x75, 0x30, 0x75, 0x30])
    let limit = DecodingLimits().maximumPixels
    #expect(
      throws: ImageError("JPEG data", .tooManyPixels(width: 30_000, height: 30_000, limit: limit))
    ) { try JPEG.decode(bytes) }
  }
}
