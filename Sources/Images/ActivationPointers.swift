import Tensors

// A third unsafe room of this target: loops between the samples of a picture and activations.

extension Pixels {
  /// Some rows of the picture as activations `[1, rows, columns, channels]` in −1…1.
  ///
  /// - Parameters:
  ///   - rows: Rows; below the picture it is mirrored, again and again.
  ///   - columns: Columns; to the right of the picture it is mirrored likewise.
  ///   - channels: 1 for grey, 3 for colours; alpha is left out.
  package func activations(rows: Range<Int>, columns: Int, channels: Int) -> Tensor {
    precondition(channels == 1 || channels == 3, "activations of \(channels) channels")
    var result = Tensor(
      uninitialized: Shape(batch: 1, height: rows.count, width: columns, channels: channels))
    let layout = ActivationLayout(
      rows: rows.map { mirrored($0, height) },
      columns: (0..<columns).map { mirrored($0, width) },
      width: width, sourceChannels: self.channels, channels: channels)
    result.withMutablePointer { target in
      switch self {
      case .bytes(let image):
        image.samples.withUnsafeBufferPointer { layout.fill(target, from: $0, half: 127.5) }
      case .words(let image):
        image.samples.withUnsafeBufferPointer { layout.fill(target, from: $0, half: 32767.5) }
      }
    }
    return result
  }
}

/// A sample of 8 or 16 bits, with conversions that, unlike those of all integers, are one instruction.
private protocol PictureSample: FixedWidthInteger {
  var number: Float { get }
  init(whole number: Float)
}

extension UInt8: PictureSample {
  fileprivate var number: Float { Float(self) }
  fileprivate init(whole number: Float) { self = UInt8(number) }
}

extension UInt16: PictureSample {
  fileprivate var number: Float { Float(self) }
  fileprivate init(whole number: Float) { self = UInt16(number) }
}

/// Which of `count` positions stands in for one beyond the last.
private func mirrored(_ position: Int, _ count: Int) -> Int {
  guard count > 1 else { return 0 }
  let phase = position % (2 * (count - 1))
  return min(phase, 2 * (count - 1) - phase)
}

private struct ActivationLayout {
  let rows: [Int], columns: [Int]
  let width: Int, sourceChannels: Int, channels: Int

  func fill<Sample: PictureSample>(
    _ target: UnsafeMutablePointer<Float>, from samples: UnsafeBufferPointer<Sample>, half: Float
  ) {
    var to = target
    let second = sourceChannels >= 3 ? 1 : 0
    for y in rows {
      for x in columns {
        let pixel = (y * width + x) * sourceChannels
        if channels == 3 {
          to[0] = samples[pixel].number / half - 1
          to[1] = samples[pixel + second].number / half - 1
          to[2] = samples[pixel + 2 * second].number / half - 1
        } else if sourceChannels >= 3 {
          let (red, green, blue) = (
            Int(samples[pixel]), Int(samples[pixel + 1]), Int(samples[pixel + 2])
          )
          // BT.601 in sixteenth bits, rounded to a level as `Image` has it.
          let level = (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16
          to[0] = Float(level) / half - 1
        } else {
          to[0] = samples[pixel].number / half - 1
        }
        to += channels
      }
    }
  }
}

/// A picture that is being made from activations, some rows at a time, from the top.
package struct PixelCanvas {
  private let width: Int, height: Int, channels: Int
  private let alpha: Pixels?
  private var bytes: [UInt8] = []
  private var words: [UInt16] = []
  private let isDeep: Bool
  private var rowsDone = 0

  /// Begins a picture.
  ///
  /// - Parameters:
  ///   - original: Gives the size, the depth and, if it has one, the alpha channel.
  ///   - isGrey: Whether the picture is to have no colours.
  package init(like original: Pixels, isGrey: Bool) {
    width = original.width
    height = original.height
    alpha = original.hasAlpha ? original : nil
    channels = (isGrey ? 1 : 3) + (original.hasAlpha ? 1 : 0)
    if case .words = original { isDeep = true } else { isDeep = false }
    let count = width * height * channels
    if isDeep { words.reserveCapacity(count) } else { bytes.reserveCapacity(count) }
  }

  /// Adds rows.
  ///
  /// - Parameters:
  ///   - activations: `[N, rows, columns, 1 or 3]` in −1…1; what lies beyond the picture's right or
  ///     bottom edge is left out.
  ///   - index: Which of the N pictures.
  package mutating func append(_ activations: Tensor, index: Int = 0) {
    let shape = activations.shape
    let colors = alpha == nil ? channels : channels - 1
    precondition(
      shape.width >= width && (shape.channels == colors || shape.channels == 3),
      "\(shape) for a picture \(width) wide of \(colors) colours")
    let rows = min(shape.height, height - rowsDone)
    let painter = RowPainter(
      width: width, colors: colors, rowChannels: shape.channels,
      alphaChannels: alpha?.channels ?? 0)
    activations.withPointer { pointer in
      for row in 0..<rows {
        let start = pointer + (index * shape.height + row) * shape.width * shape.channels
        let y = rowsDone + row
        switch alpha {
        case nil where !isDeep: painter.paint(start, nil, y, onto: &bytes)
        case nil: painter.paint(start, nil, y, onto: &words)
        case .bytes(let image): painter.paint(start, image.samples, y, onto: &bytes)
        case .words(let image): painter.paint(start, image.samples, y, onto: &words)
        }
      }
    }
    rowsDone += rows
  }

  /// The picture, when all its rows are there.
  package func finished() -> Pixels {
    precondition(rowsDone == height, "\(rowsDone) of \(height) rows")
    return isDeep
      ? .words(DeepImage(width: width, height: height, channels: channels, samples: words))
      : .bytes(Image(width: width, height: height, channels: channels, samples: bytes))
  }
}

/// Makes samples of a row of activations.
private struct RowPainter {
  let width: Int, colors: Int, rowChannels: Int, alphaChannels: Int

  /// Appends a row; `alphas` are the samples of the picture that the alpha channel comes from.
  func paint<Sample: PictureSample>(
    _ row: UnsafePointer<Float>, _ alphas: [Sample]?, _ y: Int, onto samples: inout [Sample]
  ) {
    let half = Sample.max.number / 2
    for x in 0..<width {
      let pixel = row + x * rowChannels
      if colors == rowChannels {
        for channel in 0..<colors { samples.append(level(pixel[channel], half)) }
      } else {
        samples.append(level(0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2], half))
      }
      if let alphas { samples.append(alphas[(y * width + x + 1) * alphaChannels - 1]) }
    }
  }

  /// The nearest level; what lies outside −1…1 is clamped.
  private func level<Sample: PictureSample>(_ value: Float, _ half: Float) -> Sample {
    let level = (value + 1) * half
    // Written so that what is not a number becomes 0.
    return level > 0 ? Sample(whole: min(level, 2 * half).rounded()) : 0
  }
}
