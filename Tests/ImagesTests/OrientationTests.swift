import Images
import Testing

@Suite("Orientation")
struct OrientationTests {
  /// A TIFF structure with one or two entries, the orientation last.
  private static func exif(
    _ orientation: Int, bigEndian: Bool, type: Int = 3, before: Int = 0
  ) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      let little = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return bigEndian ? little.reversed() : little
    }
    func entry(_ tag: Int, _ type: Int, _ value: Int) -> [UInt8] {
      number(tag, 2) + number(type, 2) + number(1, 4) + number(value, 2) + [0, 0]
    }
    var block: [UInt8] = Array((bigEndian ? "MM" : "II").utf8) + number(42, 2) + number(8, 4)
    block += number(before + 1, 2)
    for index in 0..<before { block += entry(0x0100 + index, 3, 7) }
    return block + entry(0x0112, type, orientation) + number(0, 4)
  }

  /// What the upright picture looks like whose stored letters are these.
  ///
  ///     ABC
  ///     DEF
  static let upright: [(Int, [String])] = [
    (1, ["ABC", "DEF"]), (2, ["CBA", "FED"]), (3, ["FED", "CBA"]), (4, ["DEF", "ABC"]),
    (5, ["AD", "BE", "CF"]), (6, ["DA", "EB", "FC"]), (7, ["FC", "EB", "DA"]),
    (8, ["CF", "BE", "AD"]),
  ]

  private static func image(_ lines: [String], channels: Int) -> Image {
    Image(
      width: lines[0].count, height: lines.count, channels: channels,
      samples: lines.flatMap { $0.utf8 }.flatMap { letter in
        (0..<channels).map { letter &+ UInt8($0) }
      })
  }

  @Test("each of the eight stands upright", arguments: upright, 1...4)
  func applied(expected: (Int, [String]), channels: Int) throws {
    let orientation = try #require(Orientation(rawValue: expected.0))
    let stored = Self.image(["ABC", "DEF"], channels: channels)
    #expect(stored.applying(orientation) == Self.image(expected.1, channels: channels))
  }

  @Test("it is read from a JPEG's EXIF segment", arguments: 1...8, [false, true])
  func jpeg(orientation: Int, bigEndian: Bool) throws {
    let plain = try Goldens.bytes("baseline-444.jpg")
    let block = Array("Exif\0\0".utf8) + Self.exif(orientation, bigEndian: bigEndian, before: 3)
    let segment = [0xff, 0xe1, 0, UInt8(block.count + 2)] + block
    let turned = try JPEG.decode(plain[..<2] + segment + plain[2...])
    let expected = try #require(Orientation(rawValue: orientation))
    #expect(turned == (try JPEG.decode(plain)).applying(expected))
  }

  @Test("it is read from a PNG's EXIF chunk, before or after the pixels", arguments: [true, false])
  func png(before: Bool) throws {
    var file = TestPNG.sample(.rgb, depth: 8, interlaced: false)
    let plain = try PNG.decode(file.encoded)
    let chunk = ("eXIf", Self.exif(6, bigEndian: true))
    if before { file.ancillary = [chunk] } else { file.trailing = [chunk] }
    #expect(try PNG.decode(file.encoded) == plain.rotated(quarterTurns: 1))
  }

  @Test("a block that makes no sense is no orientation")
  func nonsense() {
    let good = Self.exif(6, bigEndian: false, before: 1)
    #expect(Orientation(exif: good) == .needsClockwiseTurn)
    // The value ends before the last six bytes (two of padding, four of the next directory).
    for count in 0..<good.count - 6 { #expect(Orientation(exif: Array(good.prefix(count))) == nil) }
    #expect(Orientation(exif: Self.exif(0, bigEndian: false)) == nil)
    #expect(Orientation(exif: Self.exif(9, bigEndian: false)) == nil)
    #expect(Orientation(exif: Self.exif(6, bigEndian: false, type: 2)) == nil)
    var farAway = good
    farAway.replaceSubrange(4..<8, with: [0xff, 0xff, 0xff, 0xff])
    #expect(Orientation(exif: farAway) == nil)
  }
}
