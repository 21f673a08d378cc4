/// How pixels between pixels are found.
public enum Resampling: String, Sendable, CaseIterable {
  /// The nearest pixel: for masks, whose levels are names.
  case nearest
  /// Linear in both directions.
  case bilinear
  /// Cubic in both directions: sharper, what photographs are usually scaled with.
  case bicubic

  fileprivate var filter: ResamplingFilter? {
    switch self {
    case .nearest: nil
    case .bilinear: .triangle
    case .bicubic: .cubic
    }
  }
}

extension Image {
  /// The picture scaled to another size.
  ///
  /// Bilinear and bicubic scaling take the mean of all that falls into a pixel when they shrink
  /// (antialiasing), weigh colours by their alpha, and agree with `resize` of Pillow up to 12.
  /// Columns are scaled first, then rows; version 13 takes another order for some shapes.
  ///
  /// - Parameters:
  ///   - width: Columns of the whole scaled picture.
  ///   - height: Rows of the whole scaled picture.
  ///   - resampling: How levels between pixels are found.
  ///   - part: The only part of the scaled picture that is wanted, and computed; `nil` for all.
  public func resized(
    width: Int, height: Int, by resampling: Resampling = .bicubic,
    croppedTo part: PixelRectangle? = nil
  ) -> Image {
    precondition(width > 0 && height > 0, "scaling to \(width)×\(height)")
    let part = part ?? PixelRectangle(x: 0, y: 0, width: width, height: height)
    part.requireInside(width: width, height: height)
    if width == self.width, height == self.height { return cropped(to: part) }
    guard let filter = resampling.filter else {
      return picking(
        columns: part.columns.map { (2 * $0 + 1) * self.width / (2 * width) },
        rows: part.rows.map { (2 * $0 + 1) * self.height / (2 * height) })
    }
    if hasAlpha {
      return premultiplied().filtered(width: width, height: height, filter, part)
        .unpremultiplied(toNearest: false)
    }
    return filtered(width: width, height: height, filter, part)
  }

  private func filtered(
    width: Int, height: Int, _ filter: ResamplingFilter, _ part: PixelRectangle
  ) -> Image {
    let columns = ResamplingTaps(
      from: self.width, to: width, filter: filter, window: part.columns)
    let rows = ResamplingTaps(from: self.height, to: height, filter: filter, window: part.rows)
    // An axis that keeps its extent is cropped, and only lines that the other pass reads are made.
    let used = PixelRectangle(
      x: width == self.width ? part.x : 0,
      y: height == self.height ? part.y : rows.sources.lowerBound,
      width: width == self.width ? part.width : self.width,
      height: height == self.height ? part.height : rows.sources.count)
    var result = cropped(to: used)
    if width != self.width { result = result.resampledRows(columns) }
    if height != self.height { result = result.resampledColumns(rows.shifted(by: used.y)) }
    return result
  }

  /// Colours times alpha, so that what is transparent does not shine through.
  package func premultiplied() -> Image {
    scalingColors { color, alpha in
      let product = color * alpha + 128
      return (product + product >> 8) >> 8
    }
  }

  /// What `premultiplied` made, undone.
  ///
  /// - Parameter toNearest: Whether levels are rounded; Pillow, which `resized` follows, cuts them off.
  package func unpremultiplied(toNearest: Bool = true) -> Image {
    scalingColors { color, alpha in
      alpha == 0 ? color : min((255 * color + (toNearest ? alpha / 2 : 0)) / alpha, 255)
    }
  }

  private func scalingColors(_ scaled: (_ color: Int, _ alpha: Int) -> Int) -> Image {
    var levels = samples
    for pixel in stride(from: 0, to: samples.count, by: channels) {
      let alpha = pixel + channels - 1
      for color in pixel..<alpha {
        levels[color] = UInt8(scaled(Int(samples[color]), Int(samples[alpha])))
      }
    }
    return Image(width: width, height: height, channels: channels, samples: levels)
  }
}
