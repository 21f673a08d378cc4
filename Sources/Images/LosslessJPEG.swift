/// The lossless form of JPEG (process 14), which medical pictures come in and libjpeg leaves out.
///
/// Grey or three equal colours, 2 to 16 bits, one scan, any predictor, restart markers.
/// - SeeAlso: ITU-T T.81, annex H.
struct LosslessJPEG {
  private let name: String
  private var segments: JPEGSegments
  private var tables: [Int: HuffmanTable] = [:]
  private var frame = Frame()
  private var scan = Scan()
  private var restartInterval = 0
  private var orientation = Orientation.upright

  private struct Frame {
    var bits = 0, width = 0, height = 0
    var components: [UInt8] = []
  }

  private struct Scan {
    var tables: [HuffmanTable] = []
    var predictor = 0, shift = 0
  }

  /// Reads all up to the picture data, or gives `nil` for other forms of JPEG.
  init?(_ bytes: [UInt8], name: String, limits: DecodingLimits) throws(ImageError) {
    var search = JPEGSegments(bytes)
    guard search.contains(marker: 0xc3) else { return nil }
    self.name = name
    segments = JPEGSegments(bytes)
    while let segment = segments.next() {
      switch segment.marker {
      case 0xc3: try readFrame(segment.body, limits: limits, bytes: bytes.count)
      case 0xc4: try readTables(segment.body)
      case 0xdd: restartInterval = segment.body.number(at: 0, bytes: 2) ?? 0
      case 0xe1 where segment.body.starts(with: "Exif\0\0".utf8):
        orientation = Orientation(exif: Array(segment.body.dropFirst(6))) ?? orientation
      case 0xda:
        try readScan(segment.body)
        return
      default: break
      }
    }
    throw ImageError(name, .invalid(detail: "no picture data"))
  }

  private mutating func readFrame(
    _ body: ArraySlice<UInt8>, limits: DecodingLimits, bytes: Int
  ) throws(ImageError) {
    guard let bits = body.number(at: 0, bytes: 1), let height = body.number(at: 1, bytes: 2),
      let width = body.number(at: 3, bytes: 2), let count = body.number(at: 5, bytes: 1),
      body.count == 6 + 3 * count, (2...16).contains(bits), width > 0, height > 0
    else { throw ImageError(name, .invalid(detail: "frame header")) }
    let entries = Array(body.dropFirst(6))
    guard count == 1 || count == 3, (0..<count).allSatisfy({ entries[3 * $0 + 1] == entries[1] })
    else { throw ImageError(name, .unsupported(detail: "lossless JPEG of \(count) components")) }
    try limits.check(
      width: width, height: height, bitsPerPixel: bits * count, format: .jpeg, bytes: bytes,
      name: name)
    frame = Frame(
      bits: bits, width: width, height: height, components: (0..<count).map { entries[3 * $0] })
  }

  private mutating func readTables(_ body: ArraySlice<UInt8>) throws(ImageError) {
    var rest = body
    while let selector = rest.first {
      guard let (table, length) = HuffmanTable.read(rest.dropFirst()) else {
        throw ImageError(name, .invalid(detail: "Huffman table"))
      }
      tables[Int(selector & 15)] = table
      rest = rest.dropFirst(1 + length)
    }
  }

  private mutating func readScan(_ body: ArraySlice<UInt8>) throws(ImageError) {
    let count = frame.components.count
    let entries = Array(body)
    guard count > 0, entries.count == 4 + 2 * count, Int(entries[0]) == count else {
      throw ImageError(name, .unsupported(detail: "lossless JPEG in several scans"))
    }
    for component in 0..<count {
      guard entries[1 + 2 * component] == frame.components[component],
        let table = tables[Int(entries[2 + 2 * component] >> 4)]
      else { throw ImageError(name, .invalid(detail: "scan header")) }
      scan.tables.append(table)
    }
    scan.predictor = Int(entries[1 + 2 * count])
    scan.shift = Int(entries[3 + 2 * count] & 15)
    guard (1...7).contains(scan.predictor), scan.shift < frame.bits,
      restartInterval % frame.width == 0
    else { throw ImageError(name, .invalid(detail: "scan header")) }
  }

  /// Decodes the picture, or the rows of it that are there.
  func decode() throws(ImageError) -> RecoveredImage {
    let channels = frame.components.count, row = frame.width * channels
    var bits = EntropyBits(segments.rest)
    var above: [Int] = []
    var samples: [UInt8] = []
    samples.reserveCapacity(row * frame.height)
    let top = (1 << frame.bits) - 1
    var damage: String?
    for y in 0..<frame.height {
      if restartInterval > 0, y > 0, y % (restartInterval / frame.width) == 0 {
        bits.skipRestartMarker()
        above = []
      }
      guard let levels = decodeRow(after: above, from: &bits) else {
        damage = "the data of row \(y + 1) of \(frame.height) ends or is wrong"
        break
      }
      for level in levels {
        let full = min(level << scan.shift, top)
        samples.append(UInt8((full * 510 + top) / (2 * top)))
      }
      above = levels
    }
    if samples.isEmpty, let damage { throw ImageError(name, .invalid(detail: damage)) }
    samples.append(contentsOf: repeatElement(0, count: row * frame.height - samples.count))
    let image = Image(
      width: frame.width, height: frame.height, channels: channels, samples: samples)
    return RecoveredImage(image: image.applying(orientation), damage: damage)
  }

  /// The levels of a row, given those of the row above (none at the start and after a restart).
  private func decodeRow(after above: [Int], from bits: inout EntropyBits) -> [Int]? {
    let channels = scan.tables.count
    var levels: [Int] = []
    levels.reserveCapacity(frame.width * channels)
    for index in 0..<frame.width * channels {
      guard let difference = scan.tables[index % channels].difference(from: &bits) else {
        return nil
      }
      let prediction: Int
      if index < channels {
        prediction = above.isEmpty ? 1 << (frame.bits - scan.shift - 1) : above[index]
      } else if above.isEmpty {
        prediction = levels[index - channels]
      } else {
        prediction = predict(
          left: levels[index - channels], above: above[index], corner: above[index - channels])
      }
      levels.append((prediction + difference) & 0xffff)
    }
    return levels
  }

  private func predict(left: Int, above: Int, corner: Int) -> Int {
    switch scan.predictor {
    case 1: left
    case 2: above
    case 3: corner
    case 4: left + above - corner
    case 5: left + (above - corner) >> 1
    case 6: above + (left - corner) >> 1
    default: (left + above) >> 1
    }
  }
}
