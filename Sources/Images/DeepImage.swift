/// A picture of 16-bit samples, otherwise as `Image` has it.
public struct DeepImage: Sendable, Equatable {
  /// Columns, at least 1.
  public let width: Int
  /// Rows, at least 1.
  public let height: Int
  /// 1 grey, 2 grey and alpha, 3 red green blue, 4 red green blue alpha (alpha not premultiplied).
  public let channels: Int
  /// Samples in 0…65535, `height * width * channels` of them; traps if their number changes.
  ///
  /// Changed in place, also from other modules, where an observer would copy all for each change.
  @inlinable public var samples: [UInt16] {
    get { storage }
    _modify {
      defer { requireFit() }
      yield &storage
    }
  }

  @usableFromInline var storage: [UInt16]

  /// Creates a picture.
  ///
  /// Traps if the samples do not fit the extents.
  public init(width: Int, height: Int, channels: Int, samples: [UInt16]) {
    precondition(width > 0 && height > 0, "picture of \(width)×\(height)")
    precondition((1...4).contains(channels), "picture of \(channels) channels")
    self.width = width
    self.height = height
    self.channels = channels
    storage = samples
    requireFit()
  }

  @inlinable @inline(__always) func requireFit() {
    precondition(
      samples.count == width * height * channels,
      "\(samples.count) samples for \(width)×\(height)×\(channels)")
  }

  /// The picture that was stored with an orientation, made to stand upright.
  public func applying(_ orientation: Orientation) -> DeepImage {
    if orientation == .upright { return self }
    let walk = orientation.walk(width: width, height: height)
    let exchanged = orientation.exchangesSides
    let (newWidth, newHeight) = exchanged ? (height, width) : (width, height)
    var turned: [UInt16] = []
    turned.reserveCapacity(samples.count)
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let pixel = (walk.origin + x * walk.stepX + y * walk.stepY) * channels
        for sample in pixel..<pixel + channels { turned.append(samples[sample]) }
      }
    }
    return DeepImage(width: newWidth, height: newHeight, channels: channels, samples: turned)
  }

  /// The samples rounded to 8 bits.
  public var rounded: Image {
    Image(
      width: width, height: height, channels: channels,
      samples: samples.map { UInt8((Int($0) * 255 + 32767) / 65535) })
  }
}

extension DeepImage {
  /// The picture scaled to another size, bicubically and as `Image` is scaled.
  public func resized(width: Int, height: Int) -> DeepImage {
    precondition(width > 0 && height > 0, "scaling to \(width)×\(height)")
    if width == self.width, height == self.height { return self }
    let columns = ResamplingTaps(
      from: self.width, to: width, filter: .cubic, window: 0..<width)
    let rows = ResamplingTaps(from: self.height, to: height, filter: .cubic, window: 0..<height)
    let across = resampled(
      premultiplied, columns, lines: self.height, lineStep: self.width, step: 1)
    let down = resampled(across, rows, lines: width, lineStep: 1, step: width)
    return DeepImage(
      width: width, height: height, channels: channels,
      samples: unpremultiplied(transposed(down, lines: width, count: height)))
  }

  /// Colours times alpha, so that what is transparent does not shine through.
  private var premultiplied: [Float] {
    var values = samples.map { Float($0) }
    guard channels == 2 || channels == 4 else { return values }
    for pixel in stride(from: 0, to: values.count, by: channels) {
      let alpha = values[pixel + channels - 1] / 65535
      for color in pixel..<pixel + channels - 1 { values[color] *= alpha }
    }
    return values
  }

  private func unpremultiplied(_ values: [Float]) -> [UInt16] {
    let hasAlpha = channels == 2 || channels == 4
    return values.indices.map { index in
      let isAlpha = index % channels == channels - 1
      let alpha = hasAlpha && !isAlpha ? values[index - index % channels + channels - 1] : 65535
      let level = alpha > 0 ? values[index] * 65535 / alpha : 0
      return UInt16(min(max(level, 0), 65535).rounded())
    }
  }

  /// Weighted sums along lines of pixels; the result holds the new lines one after the other.
  private func resampled(
    _ values: [Float], _ taps: ResamplingTaps, lines: Int, lineStep: Int, step: Int
  ) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(lines * taps.starts.count * channels)
    for line in 0..<lines {
      for (position, start) in taps.starts.enumerated() {
        for channel in 0..<channels {
          var sum: Float = 0
          for tap in 0..<Int(taps.counts[position]) {
            let pixel = line * lineStep + (Int(start) + tap) * step
            sum +=
              values[pixel * channels + channel]
              * Float(taps.weights[position * taps.stride + tap])
          }
          // Cubic sums overshoot at edges; as with bytes, each direction ends within the range.
          result.append(min(max(sum * 0x1p-22, 0), 65535))
        }
      }
    }
    return result
  }

  /// Pixels of columns, one column after the other, as rows.
  private func transposed(_ values: [Float], lines: Int, count: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for position in 0..<count {
      for line in 0..<lines {
        let pixel = (line * count + position) * channels
        result.append(contentsOf: values[pixel..<pixel + channels])
      }
    }
    return result
  }
}
