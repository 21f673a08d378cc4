/// The marker segments of a JPEG file, one after the other, up to the picture data.
struct JPEGSegments {
  struct Segment {
    let marker: UInt8
    let body: ArraySlice<UInt8>
  }

  /// What has not been walked over yet.
  private(set) var rest: ArraySlice<UInt8>

  /// Starts after the start-of-image marker.
  init(_ bytes: [UInt8]) { rest = bytes.dropFirst(2) }

  /// The next segment, or `nil` when no whole one follows.
  mutating func next() -> Segment? {
    while let byte = rest.first, byte != 0xff { rest = rest.dropFirst() }
    while let byte = rest.first, byte == 0xff { rest = rest.dropFirst() }
    guard let marker = rest.first, let length = rest.number(at: 1, bytes: 2), length >= 2,
      rest.count > length
    else { return nil }
    let body = rest.dropFirst(3).prefix(length - 2)
    rest = rest.dropFirst(1 + length)
    return Segment(marker: marker, body: body)
  }

  /// Whether a segment of this kind comes before the picture data.
  mutating func contains(marker: UInt8) -> Bool {
    while let segment = next() {
      if segment.marker == marker { return true }
      if segment.marker == 0xda { return false }
    }
    return false
  }
}

extension ArraySlice<UInt8> {
  /// A big-endian number at an offset from the start, if the slice reaches so far.
  func number(at offset: Int, bytes count: Int) -> Int? {
    guard offset + count <= self.count else { return nil }
    return self[startIndex + offset..<startIndex + offset + count].reduce(0) { $0 << 8 | Int($1) }
  }
}
