/// Pixels moved, never changed.
extension Image {
  /// The part of the picture inside a rectangle.
  ///
  /// Traps if the rectangle leaves the picture.
  public func cropped(to part: PixelRectangle) -> Image {
    part.requireInside(width: width, height: height)
    if part.width == width, part.height == height { return self }
    let walk = PixelWalk(origin: part.y * width + part.x, stepX: 1, stepY: width)
    return walked(walk, width: part.width, height: part.height)
  }

  /// The picture with left and right swapped.
  public func flippedHorizontally() -> Image { applying(.mirrored) }

  /// The picture with top and bottom swapped.
  public func flippedVertically() -> Image { applying(.flipped) }

  /// The picture with rows and columns swapped.
  public func transposed() -> Image { applying(.transposed) }

  /// The picture turned clockwise by quarter turns; a negative number turns it back.
  public func rotated(quarterTurns: Int) -> Image {
    let turns: [Orientation] = [
      .upright, .needsClockwiseTurn, .halfTurned, .needsCounterclockwiseTurn,
    ]
    return applying(turns[quarterTurns & 3])
  }

  /// The picture that was stored with an orientation, made to stand upright.
  public func applying(_ orientation: Orientation) -> Image {
    if orientation == .upright { return self }
    let walk = orientation.walk(width: width, height: height)
    return orientation.exchangesSides
      ? walked(walk, width: height, height: width) : walked(walk, width: width, height: height)
  }
}

extension Orientation {
  /// Where the pixels of the upright picture lie in the stored one of these extents.
  func walk(width: Int, height: Int) -> PixelWalk {
    let last = width * height - 1
    return switch self {
    case .upright: PixelWalk(origin: 0, stepX: 1, stepY: width)
    case .mirrored: PixelWalk(origin: width - 1, stepX: -1, stepY: width)
    case .halfTurned: PixelWalk(origin: last, stepX: -1, stepY: -width)
    case .flipped: PixelWalk(origin: last - width + 1, stepX: 1, stepY: -width)
    case .transposed: PixelWalk(origin: 0, stepX: width, stepY: 1)
    case .needsClockwiseTurn: PixelWalk(origin: last - width + 1, stepX: -width, stepY: 1)
    case .transversed: PixelWalk(origin: last, stepX: -width, stepY: -1)
    case .needsCounterclockwiseTurn: PixelWalk(origin: width - 1, stepX: width, stepY: -1)
    }
  }
}
