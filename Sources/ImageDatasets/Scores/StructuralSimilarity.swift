import Foundation
import Images

extension PairedScore {
  /// Decibels of the largest level over the root of the mean squared difference.
  static func psnr(_ picture: Image, _ truth: Image) -> Double {
    let squares = zip(picture.samples, truth.samples).reduce(0) { sum, levels in
      let difference = Int(levels.0) - Int(levels.1)
      return sum + difference * difference
    }
    if squares == 0 { return .infinity }
    return 10 * log10(255 * 255 * Double(truth.samples.count) / Double(squares))
  }

  /// Mean structural similarity of one channel.
  static func ssim(_ picture: Image, _ truth: Image, channel: Int) -> Double {
    func plane(_ image: Image) -> [Double] {
      stride(from: channel, to: image.samples.count, by: image.channels).map {
        Double(image.samples[$0])
      }
    }
    let x = plane(picture), y = plane(truth)
    func smoothed(_ plane: [Double]) -> [Double] {
      GaussianWindow.means(of: plane, width: truth.width, height: truth.height)
    }
    let meanX = smoothed(x), meanY = smoothed(y)
    let squareX = smoothed(zip(x, x).map(*)), squareY = smoothed(zip(y, y).map(*))
    let product = smoothed(zip(x, y).map(*))
    let c1 = (0.01 * 255) * (0.01 * 255), c2 = (0.03 * 255) * (0.03 * 255)
    var sum = 0.0
    for index in meanX.indices {
      let mx = meanX[index], my = meanY[index]
      let varianceX = squareX[index] - mx * mx, varianceY = squareY[index] - my * my
      let covariance = product[index] - mx * my
      let luminance = (2 * mx * my + c1) / (mx * mx + my * my + c1)
      sum += luminance * (2 * covariance + c2) / (varianceX + varianceY + c2)
    }
    return sum / Double(meanX.count)
  }
}

/// The window that structural similarity looks through.
enum GaussianWindow {
  /// Pixels a side.
  static let size = 11

  private static let weights: [Double] = {
    let weights = (0..<size).map { index in
      let distance = Double(index - size / 2)
      return exp(-distance * distance / (2 * 1.5 * 1.5))
    }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }()

  /// Weighted means over every window inside a plane, row by row.
  static func means(of plane: [Double], width: Int, height: Int) -> [Double] {
    let columns = width - size + 1, rows = height - size + 1
    var across = [Double](repeating: 0, count: columns * height)
    for y in 0..<height {
      for x in 0..<columns {
        var sum = 0.0
        for tap in 0..<size { sum += weights[tap] * plane[y * width + x + tap] }
        across[y * columns + x] = sum
      }
    }
    var result = [Double](repeating: 0, count: columns * rows)
    for y in 0..<rows {
      for x in 0..<columns {
        var sum = 0.0
        for tap in 0..<size { sum += weights[tap] * across[(y + tap) * columns + x] }
        result[y * columns + x] = sum
      }
    }
    return result
  }
}
