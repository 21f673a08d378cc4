import Foundation
import Images
import Testing

@Suite("A stored picture")
struct StoredPictureTests {
  @Test(
    "keeps 16 bits of every kind of PNG", arguments: [TestPNG.Color.grey, .greyAlpha, .rgb, .rgba])
  func depth(color: TestPNG.Color) throws {
    let file = TestPNG.sample(color, depth: 16, interlaced: true)
    let picture = try StoredPicture(decoding: file.encoded, name: "a.png")
    guard case .words(let image) = picture.pixels else {
      Issue.record("not 16 bits")
      return
    }
    #expect(image.samples.map { Int($0) } == file.levels)
    #expect(image.rounded == (try PNG.decode(file.encoded)))
    let again = try StoredPicture(decoding: picture.encoded(name: "a.png"), name: "a.png")
    #expect(again.pixels == picture.pixels)
  }

  @Test("comes back turned as it was, with its EXIF block", arguments: 1...8, [false, true])
  func orientation(number: Int, isDeep: Bool) throws {
    var file = TestPNG.sample(.rgb, depth: isDeep ? 16 : 8, interlaced: false)
    file.ancillary = [("eXIf", TestExif(orientation: number).bytes)]
    let picture = try StoredPicture(decoding: file.encoded, name: "a.png")
    let orientation = try #require(Orientation(rawValue: number))
    #expect(picture.orientation == orientation)
    #expect(picture.pixels.image == (try PNG.decode(file.encoded)))
    let bytes = try picture.encoded(name: "a.png")
    let again = try StoredPicture(decoding: bytes, name: "a.png")
    #expect(again.pixels == picture.pixels && again.orientation == orientation)

    // As JPEG the block goes along, so that the picture still stands upright.
    let jpeg = try picture.encoded(.init(format: .jpeg, quality: 100), name: "a.jpg")
    let decoded = try StoredPicture(decoding: jpeg, name: "a.jpg")
    #expect(decoded.orientation == orientation)
    #expect(decoded.pixels.width == picture.pixels.width)
  }

  @Test(
    "corrects the extents in its EXIF block, and forgets the thumbnail", arguments: [false, true])
  func exif(bigEndian: Bool) throws {
    var file = TestPNG.sample(.rgb, depth: 8, interlaced: false)
    let block = TestExif(
      orientation: 6, width: file.width, height: file.height, hasThumbnail: true,
      bigEndian: bigEndian)
    file.ancillary = [("eXIf", block.bytes)]
    var picture = try StoredPicture(decoding: file.encoded, name: "a.png")
    let same = try StoredPicture(decoding: picture.encoded(name: ""), name: "")
    var expected = block
    expected.hasThumbnail = false
    #expect(same.metadata.exif == expected.bytes)
    picture.pixels = picture.pixels.resized(width: 40, height: 30)
    let smaller = try StoredPicture(decoding: picture.encoded(name: ""), name: "")
    // Stored on its side.
    (expected.width, expected.height) = (30, 40)
    #expect(smaller.metadata.exif == expected.bytes)
  }

  @Test("keeps profile, packet, comment and density from JPEG to JPEG, and takes to PNG what fits")
  func jpegMetadata() throws {
    let profile = TestProfile.bytes(space: "RGB ", count: 150_000)
    let packet = Array("<x:xmpmeta/>".utf8)
    var file = try JPEG.encode(Image(width: 9, height: 7, channels: 3, repeating: 90), quality: 80)
    var metadata = PictureMetadata()
    (metadata.profile, metadata.xmp) = (profile, packet)
    file = try StoredPicture(decoding: file, name: "").with(metadata).encoded(name: "")
    let comment: [UInt8] = [0xff, 0xfe, 0, 6] + Array("halo".utf8)
    let density: [UInt8] = [1, 0, 72, 0, 72]
    file.replaceSubrange(13..<18, with: density)
    file.insert(contentsOf: comment, at: 20)

    let picture = try StoredPicture(decoding: file, name: "a.jpg")
    #expect(picture.metadata.profile == profile && picture.metadata.xmp == packet)
    let again = try picture.encoded(name: "a.jpg")
    #expect(Array(again[13..<18]) == density)
    #expect(again.firstRange(of: comment) != nil)
    #expect(try StoredPicture(decoding: again, name: "").metadata == picture.metadata)

    let png = try StoredPicture(decoding: picture.encoded(.init(format: .png), name: ""), name: "")
    #expect(png.metadata.profile == profile && png.metadata.xmp == packet)
    let back = try StoredPicture(decoding: png.encoded(.init(format: .jpeg), name: ""), name: "")
    #expect(back.metadata.profile == profile && back.metadata.xmp == packet)
  }

  @Test("keeps chunks from PNG to PNG, but none with a wrong check sum")
  func pngMetadata() throws {
    var file = TestPNG.sample(.rgb, depth: 8, interlaced: false)
    let chunks: [(type: String, bytes: [UInt8])] = [
      ("gAMA", [0, 0, 0xb1, 0x8f]), ("pHYs", [0, 0, 11, 19, 0, 0, 11, 19, 1]),
    ]
    file.ancillary = chunks
    file.trailing = [("tEXt", Array("Title\0Halo".utf8))]
    let bytes = try StoredPicture(decoding: file.encoded, name: "").encoded(name: "")
    for (type, data) in chunks + file.trailing {
      #expect(bytes.firstRange(of: Array(type.utf8) + data) != nil, "\(type)")
    }
    var broken = file.encoded
    let text = try #require(broken.firstRange(of: Array("Halo".utf8)))
    broken[text.lowerBound] = UInt8(ascii: "h")
    let without = try StoredPicture(decoding: broken, name: "").encoded(name: "")
    #expect(without.firstRange(of: Array("tEXt".utf8)) == nil)
  }

  @Test("stores a picture made in memory, as deep as it is and with its colour profile")
  func madeInMemory() throws {
    let deep = DeepImage(width: 3, height: 2, channels: 3, samples: (0..<18).map { $0 * 3000 })
    var metadata = PictureMetadata()
    metadata.profile = TestProfile.bytes(space: "RGB ", count: 300)
    let bytes = try StoredPicture(.words(deep), metadata: metadata).encoded(name: "")
    let back = try StoredPicture(decoding: bytes, name: "")
    #expect(back.pixels == .words(deep) && back.metadata.profile == metadata.profile)
    let jpeg = try StoredPicture(.words(deep), metadata: metadata, format: .jpeg).encoded(name: "")
    #expect(try JPEG.decode(jpeg).width == 3)
  }

  @Test("turns a picture made in memory as its metadata say, and corrects the extents there")
  func madeForMetadata() throws {
    let picture = Image(width: 3, height: 2, channels: 1, samples: [0, 50, 100, 150, 200, 250])
    var block = TestExif(
      orientation: 6, width: 30, height: 20, hasThumbnail: false, bigEndian: true)
    var metadata = PictureMetadata()
    metadata.exif = block.bytes
    let bytes = try StoredPicture(.bytes(picture), metadata: metadata).encoded(name: "")
    let back = try StoredPicture(decoding: bytes, name: "")
    #expect(back.pixels == .bytes(picture) && back.orientation.rawValue == 6)
    // Stored on its side.
    (block.width, block.height) = (2, 3)
    #expect(back.metadata.exif == block.bytes)
  }

  @Test("leaves out a profile of other colours")
  func foreignProfile() throws {
    let grey = Image(width: 4, height: 4, channels: 1, repeating: 7)
    var metadata = PictureMetadata()
    metadata.profile = TestProfile.bytes(space: "GRAY", count: 300)
    var picture = try StoredPicture(decoding: PNG.encode(grey), name: "").with(metadata)
    let kept = try StoredPicture(decoding: picture.encoded(name: ""), name: "")
    #expect(kept.metadata.profile == metadata.profile)
    picture.pixels = .bytes(grey.converted(toChannels: 3))
    let colored = try StoredPicture(decoding: picture.encoded(name: ""), name: "")
    #expect(colored.metadata.profile.isEmpty)
  }

  @Test("is as coarse as its file was, unless told otherwise", arguments: JPEG.Subsampling.allCases)
  func coarseness(subsampling: JPEG.Subsampling) throws {
    let image = try Goldens.image("colour.png").converted(toChannels: 3)
    for quality in [30, 75, 98] {
      let file = try JPEG.encode(image, quality: quality, subsampling: subsampling)
      let picture = try StoredPicture(decoding: file, name: "")
      #expect(picture.coarseness?.subsampling == subsampling)
      let again = try StoredPicture(decoding: picture.encoded(name: ""), name: "")
      #expect(again.coarseness == picture.coarseness)
      let other = try StoredPicture(
        decoding: picture.encoded(.init(quality: 60), name: ""), name: "")
      let expected = try JPEG.encode(image, quality: 60, subsampling: subsampling)
      #expect(other.coarseness == (try StoredPicture(decoding: expected, name: "").coarseness))
    }
  }

  @Test("becomes opaque on white and 8 bits deep as JPEG")
  func jpegOfDeepAlpha() throws {
    let image = DeepImage(
      width: 8, height: 8, channels: 4,
      samples: (0..<64).flatMap { _ in [0, 0, 0, 0] as [UInt16] })
    var picture = try StoredPicture(
      decoding: PNG.encode(Image(width: 8, height: 8, channels: 4)), name: "")
    picture.pixels = .words(image)
    let jpeg = try JPEG.decode(picture.encoded(.init(format: .jpeg), name: ""))
    #expect(jpeg == Image(width: 8, height: 8, channels: 3, repeating: 255))
  }

  @Test("may be broken off where that is asked for", arguments: [ImageFormat.jpeg, .png])
  func brokenOff(format: ImageFormat) throws {
    // Noise, of which a file holds so much that there are rows in its first half.
    var state: UInt32 = 1
    let samples = (0..<96 * 96 * 3).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    let image = Image(width: 96, height: 96, channels: 3, samples: samples)
    let whole = try ImageFile.encode(image, as: format, name: "whole")
    #expect(try StoredPicture(decoding: whole, name: "whole", acceptsDamage: true).damage == nil)
    let part = Array(whole.prefix(whole.count / 2))
    let error = #expect(throws: ImageError.self) { try StoredPicture(decoding: part, name: "part") }
    let picture = try StoredPicture(decoding: part, name: "part", acceptsDamage: true)
    let damage = try #require(picture.damage)
    #expect(error?.reason == .damaged(detail: damage))
    let known = try ImageFile.decode(whole, name: "whole")
    #expect(picture.pixels.width == 96 && picture.pixels.height == 96)
    let (rows, knownRows) = (picture.pixels.image.samples, known.samples)
    #expect(Array(rows.prefix(96 * 3 * 8)) == Array(knownRows.prefix(96 * 3 * 8)))
    let written = try picture.encoded(name: "part")
    let again = try StoredPicture(decoding: written, name: "again")
    #expect(again.damage == nil, "what is written is whole")
    let head = Array(whole.prefix(20))
    #expect(throws: ImageError.self) {
      try StoredPicture(decoding: head, name: "head", acceptsDamage: true)
    }
  }

  @Test("is not scaled to more pixels than are read")
  func scaledTooLarge() throws {
    let line = try PNG.encode(Image(width: 30_000, height: 1, channels: 1))
    var picture = try StoredPicture(decoding: line, name: "line.png")
    let limit = DecodingLimits().maximumPixels
    #expect(
      throws: ImageError(
        "line.png", .tooManyScaledPixels(width: 7_680_000, height: 256, limit: limit))
    ) { try picture.scale(shorterSide: 256, name: "line.png") }
    try picture.scale(shorterSide: 2, name: "line.png")
    #expect(picture.pixels.width == 60_000 && picture.pixels.height == 2)
  }

  @Test("scales 16 bits as it scales 8")
  func deepResizing() throws {
    let image = try Goldens.image("alpha.png")
    let deep = DeepImage(
      width: image.width, height: image.height, channels: image.channels,
      samples: image.samples.map { UInt16($0) * 257 })
    for (width, height) in [(17, 12), (59, 47), (image.width, 31)] {
      let expected = image.resized(width: width, height: height)
      // Bytes are rounded after each direction and, where they are nearly transparent, lose colour.
      let opaque = expected.composited(over: [0])
      let found = deep.resized(width: width, height: height).rounded.composited(over: [0])
      let difference = try #require(found.greatestDifference(from: opaque))
      #expect(difference <= 3, "\(difference) at \(width)×\(height)")
    }
  }
}

extension StoredPicture {
  fileprivate func with(_ metadata: PictureMetadata) -> StoredPicture {
    var result = self
    result.metadata = metadata
    return result
  }
}

/// Bytes with the one mark of an ICC profile that matters here.
private enum TestProfile {
  static func bytes(space: String, count: Int) -> [UInt8] {
    var bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0) }
    bytes.replaceSubrange(16..<20, with: space.utf8)
    return bytes
  }
}

/// An EXIF block with an orientation, the extents in a directory of their own, and, if wanted, a
/// second directory for a thumbnail.
private struct TestExif {
  var orientation: Int
  var width = 1, height = 1
  var hasThumbnail = false
  var bigEndian = true

  var bytes: [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      let little = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return bigEndian ? little.reversed() : little
    }
    func entry(_ tag: Int, _ type: Int, _ value: Int) -> [UInt8] {
      number(tag, 2) + number(type, 2) + number(1, 4)
        + (type == 3 ? number(value, 2) + [0, 0] : number(value, 4))
    }
    // Header 8, first directory 2 + 24 + 4, second directory 2 + 24 + 4, third 2 + 4.
    return Array((bigEndian ? "MM" : "II").utf8) + number(42, 2) + number(8, 4)
      + number(2, 2) + entry(0x0112, 3, orientation) + entry(0x8769, 4, 38)
      + number(hasThumbnail ? 68 : 0, 4)
      + number(2, 2) + entry(0xa002, 4, width) + entry(0xa003, 3, height) + number(0, 4)
      + number(0, 2) + number(0, 4)
  }
}
