/// Pixels around a picture.
extension Image {
  /// What goes around a picture.
  public enum Padding: Sendable, Equatable {
    /// One level in all channels.
    case constant(UInt8)
    /// The nearest pixel of the border.
    case edge
    /// The picture mirrored at its border pixels, which are not repeated; again and again if the
    /// padding is wider than the picture.
    case reflect
  }

  /// The picture with pixels added on its four sides.
  ///
  /// Traps on a negative number of them.
  public func padded(
    left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0, with padding: Padding
  ) -> Image {
    precondition(
      min(left, top, right, bottom) >= 0, "padding of \(left), \(top), \(right), \(bottom)")
    if max(left, top, right, bottom) == 0 { return self }
    if case .constant(let level) = padding {
      var result = Image(
        width: width + left + right, height: height + top + bottom, channels: channels,
        repeating: level)
      result.place(self, x: left, y: top)
      return result
    }
    let columns = (-left..<width + right).map { padding.source(of: $0, count: width) }
    let rows = (-top..<height + bottom).map { padding.source(of: $0, count: height) }
    return picking(columns: columns, rows: rows)
  }

  /// Puts a picture of as many channels over this one.
  ///
  /// Traps if it does not fit.
  mutating func place(_ other: Image, x: Int, y: Int) {
    precondition(
      other.channels == channels, "\(other.channels) channels placed over \(channels)")
    PixelRectangle(x: x, y: y, width: other.width, height: other.height)
      .requireInside(width: width, height: height)
    let row = other.width * channels
    for line in 0..<other.height {
      let target = ((y + line) * width + x) * channels
      samples.replaceSubrange(
        target..<target + row, with: other.samples[line * row..<(line + 1) * row])
    }
  }
}

extension Image.Padding {
  /// Which of `count` positions stands in for one that may lie outside.
  fileprivate func source(of position: Int, count: Int) -> Int {
    guard self == .reflect, count > 1 else { return min(max(position, 0), count - 1) }
    let period = 2 * (count - 1)
    let phase = ((position % period) + period) % period
    return min(phase, period - phase)
  }
}
