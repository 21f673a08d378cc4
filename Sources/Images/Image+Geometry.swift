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
  public func flippedHorizontally() -> Image {
    walked(PixelWalk(origin: width - 1, stepX: -1, stepY: width), width: width, height: height)
  }

  /// The picture with top and bottom swapped.
  public func flippedVertically() -> Image {
    let walk = PixelWalk(origin: (height - 1) * width, stepX: 1, stepY: -width)
    return walked(walk, width: width, height: height)
  }

  /// The picture with rows and columns swapped.
  public func transposed() -> Image {
    walked(PixelWalk(origin: 0, stepX: width, stepY: 1), width: height, height: width)
  }

  /// The picture turned clockwise by quarter turns; a negative number turns it back.
  public func rotated(quarterTurns: Int) -> Image {
    let last = width * height - 1
    switch quarterTurns & 3 {
    case 1:
      let walk = PixelWalk(origin: last - width + 1, stepX: -width, stepY: 1)
      return walked(walk, width: height, height: width)
    case 2:
      return walked(
        PixelWalk(origin: last, stepX: -1, stepY: -width), width: width, height: height)
    case 3:
      let walk = PixelWalk(origin: width - 1, stepX: width, stepY: -1)
      return walked(walk, width: height, height: width)
    default:
      return self
    }
  }

  /// The picture that was stored with an orientation, made to stand upright.
  public func applying(_ orientation: Orientation) -> Image {
    switch orientation {
    case .upright: self
    case .mirrored: flippedHorizontally()
    case .halfTurned: rotated(quarterTurns: 2)
    case .flipped: flippedVertically()
    case .transposed: transposed()
    case .needsClockwiseTurn: rotated(quarterTurns: 1)
    case .transversed: transposed().rotated(quarterTurns: 2)
    case .needsCounterclockwiseTurn: rotated(quarterTurns: -1)
    }
  }
}
