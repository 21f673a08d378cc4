/// The EXIF block of a picture: a TIFF header, directories of numbered entries, and their values.
///
/// A block that makes no sense is never refused: what cannot be found is not changed.
struct ExifBlock {
  /// The bytes, from the TIFF header on.
  private(set) var bytes: [UInt8]
  private let isBigEndian: Bool

  /// Takes a block; nil if it does not start as one.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 8, bytes[0] == bytes[1], bytes[0] == 0x4d || bytes[0] == 0x49 else {
      return nil
    }
    self.bytes = bytes
    isBigEndian = bytes[0] == 0x4d
  }

  /// The numbers that entries go by.
  private enum Tag {
    static let orientation = 0x0112
    static let imageWidth = 0x0100, imageHeight = 0x0101
    static let exifDirectory = 0x8769
    static let pixelWidth = 0xa002, pixelHeight = 0xa003
  }

  /// The orientation as a number; nil where none is given as a 16-bit one.
  var orientation: Int? {
    guard let first = number(at: 4, bytes: 4), let offset = entry(Tag.orientation, of: first),
      number(at: offset + 2, bytes: 2) == 3
    else { return nil }
    return number(at: offset + 8, bytes: 2)
  }

  /// Forgets the small copy of the picture that a second directory describes: it shows what the
  /// picture was before it was changed.
  mutating func forgetThumbnail() {
    guard let first = number(at: 4, bytes: 4), let count = number(at: first, bytes: 2) else {
      return
    }
    set(0, at: first + 2 + 12 * count, bytes: 4)
  }

  /// Writes new extents where the block gives any.
  mutating func setExtents(width: Int, height: Int) {
    guard let first = number(at: 4, bytes: 4) else { return }
    setEntry(Tag.imageWidth, of: first, to: width)
    setEntry(Tag.imageHeight, of: first, to: height)
    guard let pointer = entry(Tag.exifDirectory, of: first),
      let second = number(at: pointer + 8, bytes: 4)
    else { return }
    setEntry(Tag.pixelWidth, of: second, to: width)
    setEntry(Tag.pixelHeight, of: second, to: height)
  }

  /// Where an entry of a directory stands.
  private func entry(_ tag: Int, of directory: Int) -> Int? {
    guard let count = number(at: directory, bytes: 2) else { return nil }
    for index in 0..<count {
      let offset = directory + 2 + 12 * index
      guard let found = number(at: offset, bytes: 2) else { return nil }
      if found == tag { return offset }
    }
    return nil
  }

  /// Changes the value of an entry that holds one 16-bit or 32-bit number.
  private mutating func setEntry(_ tag: Int, of directory: Int, to value: Int) {
    guard let offset = entry(tag, of: directory), number(at: offset + 4, bytes: 4) == 1 else {
      return
    }
    switch number(at: offset + 2, bytes: 2) {
    case 3: set(min(value, 0xffff), at: offset + 8, bytes: 2)
    case 4: set(value, at: offset + 8, bytes: 4)
    default: break
    }
  }

  private func number(at offset: Int, bytes count: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - count else { return nil }
    let digits = bytes[offset..<offset + count]
    return isBigEndian
      ? digits.reduce(0) { $0 << 8 | Int($1) } : digits.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func set(_ value: Int, at offset: Int, bytes count: Int) {
    guard offset >= 0, offset <= bytes.count - count else { return }
    for index in 0..<count {
      let shift = 8 * (isBigEndian ? count - 1 - index : index)
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> shift)
    }
  }
}
