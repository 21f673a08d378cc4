/// Grey, colour and transparency.
extension Image {
  /// Whether the last channel is alpha.
  public var hasAlpha: Bool { channels == 2 || channels == 4 }

  /// The picture in another number of channels.
  ///
  /// Grey becomes three equal channels; colour becomes grey by the weights of BT.601; alpha is
  /// dropped, not composited (see `composited(over:)`), and a new alpha channel is opaque.
  ///
  /// - Parameter count: 1 grey, 2 grey and alpha, 3 red green blue, 4 with alpha.
  public func converted(toChannels count: Int) -> Image {
    precondition((1...4).contains(count), "conversion to \(count) channels")
    if count == channels { return self }
    var result: [UInt8] = []
    result.reserveCapacity(width * height * count)
    for pixel in stride(from: 0, to: samples.count, by: channels) {
      if count >= 3 {
        let colored = channels >= 3
        result.append(samples[pixel])
        result.append(samples[colored ? pixel + 1 : pixel])
        result.append(samples[colored ? pixel + 2 : pixel])
      } else {
        result.append(grey(ofPixelAt: pixel))
      }
      if count == 2 || count == 4 { result.append(hasAlpha ? samples[pixel + channels - 1] : 255) }
    }
    return Image(width: width, height: height, channels: count, samples: result)
  }

  /// The picture laid over a background of one colour, without its alpha channel.
  ///
  /// - Parameter background: One level, for all colours, or one for each of them.
  public func composited(over background: [UInt8]) -> Image {
    let colors = channels >= 3 ? 3 : 1
    precondition(
      background.count == 1 || background.count == colors,
      "a background of \(background.count) levels for \(colors) colours")
    guard hasAlpha else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(width * height * colors)
    for pixel in stride(from: 0, to: samples.count, by: channels) {
      let alpha = Int(samples[pixel + colors])
      for color in 0..<colors {
        let behind = Int(background[background.count == 1 ? 0 : color])
        let mixed = Int(samples[pixel + color]) * alpha + behind * (255 - alpha)
        result.append(UInt8((mixed + 127) / 255))
      }
    }
    return Image(width: width, height: height, channels: colors, samples: result)
  }

  private func grey(ofPixelAt index: Int) -> UInt8 {
    guard channels >= 3 else { return samples[index] }
    // 0.299, 0.587 and 0.114 in sixteenth bits, rounded so that white stays white.
    let sum =
      19595 * Int(samples[index]) + 38470 * Int(samples[index + 1]) + 7471 * Int(samples[index + 2])
    return UInt8((sum + 0x8000) >> 16)
  }
}
