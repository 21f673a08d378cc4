/// How a stored picture must be turned to stand upright, numbered as in EXIF.
public enum Orientation: Int, Sendable, CaseIterable {
  /// As stored.
  case upright = 1
  /// Left and right are swapped.
  case mirrored
  /// Upside down.
  case halfTurned
  /// Top and bottom are swapped.
  case flipped
  /// Rows and columns are swapped.
  case transposed
  /// A quarter turn clockwise is due.
  case needsClockwiseTurn
  /// Rows and columns are swapped, along the other diagonal.
  case transversed
  /// A quarter turn counterclockwise is due.
  case needsCounterclockwiseTurn

  /// The orientation that turns an upright picture into the stored one.
  public var inverse: Orientation {
    switch self {
    case .needsClockwiseTurn: .needsCounterclockwiseTurn
    case .needsCounterclockwiseTurn: .needsClockwiseTurn
    default: self
    }
  }

  /// Whether rows and columns are exchanged.
  public var exchangesSides: Bool { rawValue >= Orientation.transposed.rawValue }

  /// Finds the orientation in an EXIF block, which starts with the TIFF header.
  ///
  /// `nil` where there is none or the block makes no sense: a picture is not refused for it.
  package init?(exif block: [UInt8]) {
    guard block.count >= 8 else { return nil }
    let bigEndian: Bool
    switch (block[0], block[1]) {
    case (0x4d, 0x4d): bigEndian = true
    case (0x49, 0x49): bigEndian = false
    default: return nil
    }
    let reader = TIFFReader(bytes: block, bigEndian: bigEndian)
    guard let value = reader.shortTag(0x0112) else { return nil }
    self.init(rawValue: value)
  }
}

/// Reads numbers of the first directory of a TIFF structure, never beyond its end.
private struct TIFFReader {
  let bytes: [UInt8]
  let bigEndian: Bool

  func number(at offset: Int, bytes count: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - count else { return nil }
    let digits = bytes[offset..<offset + count]
    return bigEndian
      ? digits.reduce(0) { $0 << 8 | Int($1) } : digits.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The value of a tag whose type is a 16-bit number.
  func shortTag(_ tag: Int) -> Int? {
    guard let directory = number(at: 4, bytes: 4),
      let count = number(at: directory, bytes: 2)
    else { return nil }
    for entry in 0..<count {
      let offset = directory + 2 + entry * 12
      guard let found = number(at: offset, bytes: 2) else { return nil }
      guard found == tag else { continue }
      return number(at: offset + 2, bytes: 2) == 3 ? number(at: offset + 8, bytes: 2) : nil
    }
    return nil
  }
}
