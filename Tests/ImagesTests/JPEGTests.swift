import Images
import Testing

@Suite("JPEG")
struct JPEGTests {
  static let goldens = Goldens.names { $0.hasSuffix(".jpg") }

  @Test("every kind of file is decoded as by Pillow", arguments: goldens)
  func agrees(name: String) throws {
    let image = try Goldens.image(name)
    let expected = try Goldens.image(name + ".png")
    // Releases of libjpeg-turbo round some inverse transforms differently, by one level.
    let difference = try #require(image.greatestDifference(from: expected))
    #expect(difference <= 2, "\(name) differs by \(difference). \(Goldens.remedy)")
  }

  @Test("the goldens hold all kinds")
  func goldenKinds() {
    let kinds = ["cmyk", "grey", "progressive", "restarts", "rgb", "ycck"]
    for kind in kinds { #expect(Self.goldens.contains(kind + ".jpg"), "\(Goldens.remedy)") }
  }

  @Test(
    "an encoded picture is decoded to nearly itself", arguments: [1, 3],
    JPEG.Subsampling.allCases)
  func roundTrip(channels: Int, subsampling: JPEG.Subsampling) throws {
    let image = Image.gradient(width: 61, height: 35, channels: channels)
    let bytes = try JPEG.encode(image, quality: 97, subsampling: subsampling)
    #expect(ImageFormat(signatureOf: bytes) == .jpeg)
    // Steps of at most 3 in the quantisation of a smooth picture.
    let difference = try #require(JPEG.decode(bytes).greatestDifference(from: image))
    // Colours that are coarse in unusual ways are repeated when they are read, not interpolated.
    #expect(difference <= ([.vertical, .quarter].contains(subsampling) ? 24 : 8))
  }

  @Test("less quality and coarser colours take fewer bytes")
  func sizes() throws {
    let image = try Goldens.image("colour.png")
    func count(_ quality: Int, _ subsampling: JPEG.Subsampling) throws -> Int {
      try JPEG.encode(image, quality: quality, subsampling: subsampling).count
    }
    #expect(try count(40, .both) < count(90, .both))
    #expect(try count(90, .both) < count(90, .horizontal))
    #expect(try count(90, .horizontal) < count(90, .none))
  }

  @Test("a picture with alpha or with too long a side cannot be encoded", arguments: [2, 4])
  func unencodable(channels: Int) {
    let transparent = Image(width: 2, height: 2, channels: channels)
    #expect(throws: ImageError("a.jpg", .unsupported(detail: "JPEG holds no transparency"))) {
      try ImageFile.encode(transparent, as: .jpeg, name: "a.jpg")
    }
    #expect(throws: ImageError.self) {
      try JPEG.encode(Image(width: 70_000, height: 1, channels: 1))
    }
  }

  @Test("a missing end-of-image marker and stray bytes between segments do no harm")
  func harmlessFaults() throws {
    let bytes = try Goldens.bytes("baseline-420.jpg")
    let expected = try JPEG.decode(bytes)
    #expect(try JPEG.decode(Array(bytes.dropLast(2))) == expected)
    // After the first segment (start of image, then the JFIF header of 18 bytes).
    #expect(try JPEG.decode(bytes[..<20] + [0, 1, 2, 3] + bytes[20...]) == expected)
  }
}
