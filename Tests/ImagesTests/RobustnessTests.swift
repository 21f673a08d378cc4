import Images
import Tensors
import Testing

@Suite("Damaged and hostile files")
struct RobustnessTests {
  private static let files = [
    "baseline-420.jpg", "progressive.jpg", "restarts.jpg", "cmyk.jpg", "grey-17x12-bicubic.png",
  ]

  private static func smallPNG(_ color: TestPNG.Color, interlaced: Bool) -> [UInt8] {
    var file = TestPNG.sample(color, depth: 8, interlaced: interlaced)
    if color == .palette { file.ancillary = [("PLTE", [UInt8](repeating: 9, count: 768))] }
    return file.encoded
  }

  /// Decodes what may be anything; whatever comes out must be a picture or an `ImageError`.
  private func survive(_ bytes: [UInt8]) -> RecoveredImage? {
    try? ImageFile.recover(bytes, name: "damaged")
  }

  @Test("a file cut off anywhere is an error, a recovered part, or whole", arguments: files)
  func truncated(name: String) throws {
    let bytes = try Goldens.bytes(name)
    let whole = try ImageFile.decode(bytes, name: name)
    for count in 0..<bytes.count {
      guard let recovered = survive(Array(bytes.prefix(count))) else { continue }
      #expect(recovered.damage != nil || recovered.image == whole, "cut to \(count) bytes")
      #expect(recovered.image.samples.count == whole.samples.count)
    }
  }

  @Test("the rows above the cut are recovered", arguments: [false, true])
  func recoveredRows(isPNG: Bool) throws {
    let image = Image.gradient(width: 64, height: 64, channels: 3)
    let bytes = isPNG ? try PNG.encode(image, compression: 0) : try JPEG.encode(image)
    let whole = try ImageFile.decode(bytes, name: "whole")
    let half = Array(bytes.prefix(bytes.count * 3 / 4))
    let recovered = try ImageFile.recover(half, name: "half")
    #expect(recovered.damage != nil)
    let upper = 64 * 16 * 3
    #expect(recovered.image.samples[..<upper] == whole.samples[..<upper])
    #expect(throws: ImageError.self) { try ImageFile.decode(half, name: "half") }
  }

  @Test("changed bytes never crash the decoders")
  func changedBytes() throws {
    var originals = try Self.files.map(Goldens.bytes)
    for color in TestPNG.Color.allCases {
      originals.append(Self.smallPNG(color, interlaced: color.rawValue % 4 == 0))
    }
    originals.append(
      TestLosslessJPEG(
        width: 5, height: 4, bits: 8, predictor: 5, levels: (0..<20).map { $0 * 12 }
      ).encoded)
    var pictures = 0
    for round in 0..<4000 {
      var random = SeededRandom(seed: 5, index: round, purpose: "damage")
      var bytes = originals[round % originals.count]
      for _ in 0...random.integer(below: 6) {
        bytes[random.integer(below: bytes.count)] = UInt8(random.integer(below: 256))
      }
      if survive(bytes) != nil { pictures += 1 }
    }
    // Most changes hit picture data of JPEGs, which then decode to something else.
    #expect(pictures > 400)
  }

  @Test("a header of 30,000 × 30,000 over 2 KB is refused", arguments: ImageFormat.allCases)
  func absurdHeader(format: ImageFormat) throws {
    let small = Image.noise(width: 24, height: 24, channels: 3)
    var bytes = try ImageFile.encode(small, as: format, name: "small")
    switch format {
    case .png:
      let header = TestPNG.chunk(
        "IHDR", TestPNG.bigEndian(30_000) + TestPNG.bigEndian(30_000) + [8, 2, 0, 0, 0])
      bytes.replaceSubrange(8..<33, with: header)
    case .jpeg:
      let frame = try #require(
        bytes.indices.first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xc0 })
      bytes.replaceSubrange(frame + 5..<frame + 9, with: [0x75, 0x30, 0x75, 0x30])
    }
    let limit = DecodingLimits().maximumPixels
    #expect(
      throws: ImageError(
        "absurd", .tooManyPixels(width: 30_000, height: 30_000, limit: limit))
    ) { try ImageFile.recover(bytes, name: "absurd") }
    let generous = DecodingLimits(maximumPixels: 1 << 40)
    #expect(
      throws: ImageError(
        "absurd", .tooFewBytes(width: 30_000, height: 30_000, bytes: bytes.count))
    ) { try ImageFile.recover(bytes, name: "absurd", limits: generous) }
  }

  @Test("a progressive file of thousands of scans is refused")
  func manyScans() throws {
    let bytes = try Goldens.bytes("grey-progressive.jpg")
    let scans = bytes.indices.dropLast().filter { bytes[$0] == 0xff && bytes[$0 + 1] == 0xda }
    let last = try #require(scans.last)
    let scan = bytes[last..<bytes.count - 2]
    let bomb = bytes[..<last] + Array(repeatElement(scan, count: 5000).joined()) + [0xff, 0xd9]
    let error = #expect(throws: ImageError.self) { try JPEG.recover(Array(bomb)) }
    #expect(error?.description.contains("more than 500 scans") == true)
  }

  @Test("a picture over the limit is refused, one at the limit is not")
  func limit() throws {
    let bytes = try PNG.encode(Image(width: 10, height: 10, channels: 1))
    #expect(throws: ImageError("PNG data", .tooManyPixels(width: 10, height: 10, limit: 99))) {
      try PNG.decode(bytes, limits: DecodingLimits(maximumPixels: 99))
    }
    #expect(try PNG.decode(bytes, limits: DecodingLimits(maximumPixels: 100)).width == 10)
  }

  @Test("a picture of one colour packs tightly and is still decoded")
  func tight() throws {
    let flat = Image(width: 5000, height: 4000, channels: 1, repeating: 128)
    #expect(try PNG.decode(PNG.encode(flat, compression: 9)) == flat)
    #expect(try JPEG.decode(JPEG.encode(flat)).width == 5000)
  }
}
