import Tensors

/// A picture, what a generator makes of it, and what the way back makes of that.
public struct TranslationSample: Sendable {
  /// The picture, `[1, H, W, C]` in −1…1.
  public let real: Tensor
  /// Translated.
  public let fake: Tensor
  /// Translated and back.
  public let recovered: Tensor
  /// The same, by a translation rounded to 8 bits on the way.
  public let recoveredFromRounded: Tensor

  /// Collects what was made of a picture.
  public init(real: Tensor, fake: Tensor, recovered: Tensor, recoveredFromRounded: Tensor) {
    self.real = real
    self.fake = fake
    self.recovered = recovered
    self.recoveredFromRounded = recoveredFromRounded
  }
}

/// Measures of pictures in −1…1 that tell what is wrong with a translation.
enum TranslationMeasures {
  /// How a picture and its translation go up and down together, −1…1; 0 where one is flat.
  static func correlation(_ real: Tensor, _ fake: Tensor) -> Float {
    guard real.count == fake.count else { return 0 }
    let count = Double(real.count)
    var sumX = 0.0, sumY = 0.0, xx = 0.0, yy = 0.0, xy = 0.0
    for (x, y) in zip(real.values.lazy.map(Double.init), fake.values.lazy.map(Double.init)) {
      sumX += x
      sumY += y
      xx += x * x
      yy += y * y
      xy += x * y
    }
    let product = (xx - sumX * sumX / count) * (yy - sumY * sumY / count)
    return product > 1e-9 ? Float((xy - sumX * sumY / count) / product.squareRoot()) : 0
  }

  /// The mean absolute difference between two tensors.
  static func distance(_ first: Tensor, _ second: Tensor) -> Float {
    guard first.count == second.count, first.count > 0 else { return .infinity }
    let sum = zip(first.values, second.values).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
    return Float(sum / Double(first.count))
  }

  /// The mean absolute difference from the picture's own mean.
  static func contrast(_ picture: Tensor) -> Float {
    let values = picture.values, count = Double(picture.count)
    let mean = Float(values.reduce(0.0) { $0 + Double($1) } / count)
    return Float(values.reduce(0.0) { $0 + Double(abs($1 - mean)) } / count)
  }

  /// The strength of patterns that alternate from pixel to pixel, along rows, columns or both:
  /// the root mean square, over blocks of 8 × 8, of their amplitude at the Nyquist frequency.
  ///
  /// Noise that does not keep step over a block hardly counts. 0 for pictures below 8 × 8.
  static func checkerboard(_ picture: Tensor) -> Float {
    let shape = picture.shape, (rows, columns) = (shape.height / 8, shape.width / 8)
    guard rows > 0, columns > 0 else { return 0 }
    let values = picture.values, channels = shape.channels
    var total: Float = 0
    for image in 0..<shape.batch {
      for row in 0..<rows {
        for column in 0..<columns {
          let corner = ((image * shape.height + 8 * row) * shape.width + 8 * column) * channels
          for channel in 0..<channels {
            total += nyquistEnergy(
              values, from: corner + channel, rowStride: shape.width * channels,
              columnStride: channels)
          }
        }
      }
    }
    return (total / Float(shape.batch * rows * columns * channels)).squareRoot()
  }

  /// The sum of the squares of a block's three coefficients.
  private static func nyquistEnergy(
    _ values: [Float], from start: Int, rowStride: Int, columnStride: Int
  ) -> Float {
    var across: Float = 0, down: Float = 0, both: Float = 0
    for y in 0..<8 {
      for x in 0..<8 {
        let value = values[start + y * rowStride + x * columnStride]
        let (isOddX, isOddY) = (x % 2 == 1, y % 2 == 1)
        across += isOddX ? -value : value
        down += isOddY ? -value : value
        both += isOddX != isOddY ? -value : value
      }
    }
    return (across * across + down * down + both * both) / (64 * 64)
  }
}
