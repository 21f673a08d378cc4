/// A PNG encoder for every colour type and depth, so plain that it can be trusted: no filters, and
/// zlib's stored blocks.
struct TestPNG {
  enum Color: Int, CaseIterable {
    case grey = 0
    case rgb = 2
    case palette = 3
    case greyAlpha = 4
    case rgba = 6

    var channels: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][rawValue]! }
    var depths: [Int] {
      switch self {
      case .grey: [1, 2, 4, 8, 16]
      case .palette: [1, 2, 4, 8]
      default: [8, 16]
      }
    }
  }

  var width: Int
  var height: Int
  var color: Color
  var depth: Int
  var interlaced = false
  /// Stored levels, `[height, width, channels]`.
  var levels: [Int]
  /// Chunks before the pixels: palette, transparency, EXIF.
  var ancillary: [(type: String, bytes: [UInt8])] = []
  /// Chunks after the pixels.
  var trailing: [(type: String, bytes: [UInt8])] = []

  var encoded: [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    var header = Self.bigEndian(width) + Self.bigEndian(height)
    header += [UInt8(depth), UInt8(color.rawValue), 0, 0, interlaced ? 1 : 0]
    file += Self.chunk("IHDR", header)
    for (type, bytes) in ancillary { file += Self.chunk(type, bytes) }
    file += Self.chunk("IDAT", Self.stored(scanlines))
    for (type, bytes) in trailing { file += Self.chunk(type, bytes) }
    return file + Self.chunk("IEND", [])
  }

  private var scanlines: [UInt8] {
    guard interlaced else { return lines(columns: Array(0..<width), rows: Array(0..<height)) }
    // Adam7: where each pass starts and how far it steps, across and down.
    let passes = [
      (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
      (0, 1, 1, 2),
    ]
    return passes.flatMap { x, y, acrossStep, downStep in
      lines(
        columns: Array(stride(from: x, to: width, by: acrossStep)),
        rows: Array(stride(from: y, to: height, by: downStep)))
    }
  }

  private func lines(columns: [Int], rows: [Int]) -> [UInt8] {
    guard !columns.isEmpty else { return [] }
    return rows.flatMap { y -> [UInt8] in
      let bits = columns.flatMap { x in
        (0..<color.channels).flatMap { channel -> [UInt8] in
          let level = levels[(y * width + x) * color.channels + channel]
          return (0..<depth).reversed().map { UInt8(level >> $0 & 1) }
        }
      }
      let bytes = stride(from: 0, to: bits.count, by: 8).map { start -> UInt8 in
        (0..<8).reduce(0) { $0 << 1 | (start + $1 < bits.count ? bits[start + $1] : 0) }
      }
      return [0] + bytes
    }
  }

  static func chunk(_ type: String, _ bytes: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + bytes
    return bigEndian(bytes.count) + body + bigEndian(checksum(body))
  }

  static func bigEndian(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    let blocks = stride(from: 0, to: bytes.count, by: 0xffff).map { bytes[$0...].prefix(0xffff) }
    for (index, block) in blocks.enumerated() {
      result.append(index == blocks.count - 1 ? 1 : 0)
      for count in [block.count, ~block.count] {
        result += [UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: count >> 8)]
      }
      result += block
    }
    var a = 1, b = 0
    for byte in bytes {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    return result + bigEndian(b << 16 | a)
  }

  /// CRC-32, bit by bit.
  private static func checksum(_ bytes: [UInt8]) -> Int {
    var remainder: UInt32 = ~0
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    return Int(~remainder)
  }
}

extension TestPNG {
  /// A picture whose levels go through the whole range of the depth.
  static func sample(_ color: Color, depth: Int, interlaced: Bool, width: Int = 11, height: Int = 9)
    -> TestPNG
  {
    let count = width * height * color.channels
    let levels = (0..<count).map { ($0 &* 2_654_435_761) >> 7 & ((1 << depth) - 1) }
    return TestPNG(
      width: width, height: height, color: color, depth: depth, interlaced: interlaced,
      levels: levels)
  }

  /// A level of this depth on the scale of 0…255, rounded to the nearest.
  func scaled(_ level: Int) -> UInt8 {
    let top = (1 << depth) - 1
    return UInt8((level * 510 + top) / (2 * top))
  }
}
