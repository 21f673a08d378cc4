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
    guard let value = ExifBlock(block)?.orientation else { return nil }
    self.init(rawValue: value)
  }
}
