/// What a file says about its picture beside the pixels.
public struct PictureMetadata: Sendable, Equatable {
  /// The EXIF block, from its TIFF header on; empty for none.
  public var exif: [UInt8] = []
  /// The ICC colour profile; empty for none.
  public var profile: [UInt8] = []
  /// The XMP packet; empty for none.
  public var xmp: [UInt8] = []

  /// Marker segments of a JPEG file that no other format has: marker, length and body.
  var segments: [[UInt8]] = []
  /// The unit and the two resolutions of a JPEG file's JFIF segment, five bytes; empty for none.
  var density: [UInt8] = []
  /// Chunks of a PNG file that no other format has: length, type, data and check sum.
  var chunks: [[UInt8]] = []

  /// Says nothing.
  public init() {}

  /// What it says about the meaning of levels alone, which holds for other pixels too.
  package var colors: PictureMetadata {
    var colors = PictureMetadata()
    colors.profile = profile
    colors.chunks = chunks.filter {
      Self.colorChunks.contains(String(decoding: $0.dropFirst(4).prefix(4), as: UTF8.self))
    }
    return colors
  }

  /// Whether the profile describes pictures of so many colours.
  func profileSuits(colors: Int) -> Bool {
    guard profile.count >= 20 else { return false }
    return profile[16..<20].elementsEqual((colors == 1 ? "GRAY" : "RGB ").utf8)
  }
}

// MARK: - JPEG

extension PictureMetadata {
  private static let exifName = Array("Exif\0\0".utf8)
  private static let profileName = Array("ICC_PROFILE\0".utf8)
  private static let xmpName = Array("http://ns.adobe.com/xap/1.0/\0".utf8)

  /// Collects what the segments of a JPEG file say, up to the picture data.
  init(jpeg bytes: [UInt8]) {
    var segments = JPEGSegments(bytes)
    var profileParts: [Int: ArraySlice<UInt8>] = [:]
    while let segment = segments.next(), segment.marker != 0xda {
      let body = segment.body
      switch segment.marker {
      case 0xe0:
        if body.starts(with: "JFIF\0".utf8), body.count >= 14 {
          density = Array(body.dropFirst(7).prefix(5))
        }
      case 0xe1 where body.starts(with: Self.exifName):
        if exif.isEmpty { exif = Array(body.dropFirst(Self.exifName.count)) }
      case 0xe1 where body.starts(with: Self.xmpName):
        xmp = Array(body.dropFirst(Self.xmpName.count))
      case 0xe2 where body.starts(with: Self.profileName) && body.count > 14:
        profileParts[Int(body[body.startIndex + 12])] = body.dropFirst(14)
      case 0xe2 where body.starts(with: "MPF\0".utf8): break  // points at pictures left behind
      case 0xe1...0xed, 0xef, 0xfe:
        let length = body.count + 2
        self.segments.append(
          [0xff, segment.marker, UInt8(length >> 8), UInt8(length & 0xff)] + body)
      default: break
      }
    }
    profile = profileParts.sorted { $0.key < $1.key }.flatMap(\.value)
  }

  /// Puts all that fits into a JPEG file that was just encoded.
  ///
  /// - Parameter colors: Colours of the picture, 1 or 3.
  package func added(toJPEG bytes: [UInt8], colors: Int) -> [UInt8] {
    var inserted: [UInt8] = []
    func add(_ marker: UInt8, _ body: [UInt8]) {
      let length = body.count + 2
      guard length <= 0xffff else { return }
      inserted += [0xff, marker, UInt8(length >> 8), UInt8(length & 0xff)] + body
    }
    if !exif.isEmpty { add(0xe1, Self.exifName + exif) }
    if !xmp.isEmpty { add(0xe1, Self.xmpName + xmp) }
    if profileSuits(colors: colors) {
      let parts = stride(from: 0, to: profile.count, by: 65_000).map {
        profile[$0..<min($0 + 65_000, profile.count)]
      }
      if parts.count < 256 {
        for (index, part) in parts.enumerated() {
          add(0xe2, Self.profileName + [UInt8(index + 1), UInt8(parts.count)] + part)
        }
      }
    }
    inserted += segments.joined()
    // After the start of the image, an encoder has put the JFIF segment, 18 bytes in all.
    let hasHeader = bytes.count > 20 && bytes[3] == 0xe0
    let start = hasHeader ? 20 : 2
    var result = Array(bytes[..<start])
    if hasHeader, density.count == 5 { result.replaceSubrange(13..<18, with: density) }
    return result + inserted + bytes[start...]
  }
}

// MARK: - PNG

extension PictureMetadata {
  /// Chunks that mean the same for another picture of the same kind.
  private static let carriedChunks: Set<String> = [
    "cHRM", "cICP", "cLLI", "gAMA", "iTXt", "mDCV", "pHYs", "sRGB", "tEXt", "zTXt",
  ]
  /// Those among them that say what levels mean.
  private static let colorChunks: Set<String> = ["cHRM", "cICP", "gAMA", "sRGB"]
  private static let xmpKeyword = Array("XML:com.adobe.xmp\0\0\0\0\0".utf8)
  /// More than any profile in use.
  private static let profileLimit = 1 << 23

  /// Collects what the chunks of a PNG file say; those with a wrong check sum are left out.
  init(png bytes: [UInt8]) {
    var position = 8
    while let length = bytes[position...].number(at: 0, bytes: 4), length <= bytes.count,
      let sum = bytes[position...].number(at: 8 + length, bytes: 4)
    {
      let typed = Array(bytes[position + 4..<position + 8 + length])
      let whole = bytes[position..<position + 12 + length]
      position += 12 + length
      let type = String(decoding: typed.prefix(4), as: UTF8.self)
      guard type != "IDAT", UInt32(sum) == pngChecksum(typed) else { continue }
      take(type, Array(typed.dropFirst(4)), whole: Array(whole))
    }
  }

  private mutating func take(_ type: String, _ data: [UInt8], whole: [UInt8]) {
    switch type {
    case "eXIf": if exif.isEmpty { exif = data }
    case "iCCP":
      guard let end = data.firstIndex(of: 0), end + 2 <= data.count else { return }
      profile =
        zlibUnpacked(Array(data[(end + 2)...]), limit: Self.profileLimit) ?? []
    case "iTXt" where data.starts(with: Self.xmpKeyword):
      xmp = Array(data.dropFirst(Self.xmpKeyword.count))
    default:
      if Self.carriedChunks.contains(type) { chunks.append(whole) }
    }
  }

  /// Puts all that fits into a PNG file that was just encoded.
  ///
  /// - Parameter colors: Colours of the picture, 1 or 3.
  package func added(toPNG bytes: [UInt8], colors: Int) -> [UInt8] {
    var inserted: [UInt8] = []
    func add(_ type: String, _ data: [UInt8]) {
      let typed = Array(type.utf8) + data
      inserted += Self.bigEndian(UInt32(data.count)) + typed
      inserted += Self.bigEndian(pngChecksum(typed))
    }
    if profileSuits(colors: colors), let packed = zlibPacked(profile) {
      add("iCCP", Array("ICC profile\0\0".utf8) + packed)
    }
    inserted += chunks.joined()
    if !exif.isEmpty { add("eXIf", exif) }
    if !xmp.isEmpty { add("iTXt", Self.xmpKeyword + xmp) }
    // The signature and the header come first, 8 and 25 bytes.
    return bytes[..<33] + inserted + bytes[33...]
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
  }
}
