import Foundation
import Images

/// Gives the coarse structure the strength, not the place, that it has in a picture of another
/// folder: `FDA` in recipes.
///
/// The amplitudes of the lowest frequencies become those of the reference, the phases stay.
///
/// - SeeAlso: Yang and Soatto, arXiv:2004.05498.
public struct FourierDomainAdaptation: ReferenceOperation {
  /// `"FDA"`, as the field says.
  public static let name = "FDA"
  /// What it does.
  public static let summary =
    "Gives the lowest frequencies the amplitudes that they have in a picture of another folder."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .folder(\.folder),
    .range(
      "amount", \.amount, in: 0...0.2,
      "Up to which frequency, in waves along the shorter side as a share of its pixels."),
  ]

  /// The pictures whose amplitudes are taken.
  public var references = ReferenceFolder("")
  /// Up to which frequency, in waves along the shorter side as a share of its pixels.
  public var amount: ClosedRange<Float> = 0...0.05
  /// How often it is applied, 0…1.
  public var probability: Float = 0.5

  /// Creates the operation, without a folder.
  public init() {}

  /// Creates the operation.
  public init(folder: String, amount: ClosedRange<Float> = 0...0.05, probability: Float = 0.5) {
    references = ReferenceFolder(folder)
    self.amount = amount
    self.probability = probability
    requireValid()
  }

  /// Exchanges the amplitudes.
  public func changed(_ image: Image, borrowing amount: Float, from reference: Image) -> Image {
    let shorter = min(image.width, image.height)
    let waves = min(Int(Float(shorter) * min(amount, 0.2)), (shorter - 1) / 2)
    let across = WaveTransform(length: image.width, waves: waves)
    let down = WaveTransform(length: image.height, waves: waves)
    var samples = image.samples
    for color in 0..<image.colors {
      let levels = ComplexMatrix(image, reference, channel: color)
      let spectrum = down.waves(of: across.waves(of: levels).transposed)
      let change = spectrum.amplitudesExchanged(pixels: image.width * image.height)
      let columns = down.rows(of: change, down.waves).transposed
      let plane = across.rows(of: columns, 0...waves).real
      for pixel in plane.indices {
        let sample = pixel * image.channels + color
        samples[sample] = LevelTable.level(Float(samples[sample]) + plane[pixel])
      }
    }
    return Image(
      width: image.width, height: image.height, channels: image.channels, samples: samples)
  }
}

extension ComplexMatrix {
  /// The levels of a channel, beside which those of another picture are imaginary.
  fileprivate init(_ image: Image, _ other: Image, channel: Int) {
    self.init(rows: image.height, columns: image.width)
    for pixel in real.indices {
      let sample = pixel * image.channels + channel
      real[pixel] = Float(image.samples[sample])
      imaginary[pixel] = Float(other.samples[sample])
    }
  }

  /// Of the spectrum of two real planes, the one beside the other, what must be added to the first
  /// for the amplitudes of the second: from the middle row on, the other half being its mirror image.
  fileprivate func amplitudesExchanged(pixels: Int) -> ComplexMatrix {
    let middle = rows / 2
    var change = ComplexMatrix(rows: middle + 1, columns: columns)
    // Far above what rounding leaves of waves that are not there, far below what levels being whole
    // numbers adds to those that are, 0.3 times the root.
    let noise = 0.03 * Float(pixels).squareRoot()
    for index in change.real.indices {
      let at = middle * columns + index, mirrored = rows * columns - 1 - at
      // What is alike in a wave and its mirror image belongs to the first, what differs to the other.
      let own = SIMD2(real[at] + real[mirrored], imaginary[at] - imaginary[mirrored]) / 2
      let other = SIMD2(real[at] - real[mirrored], imaginary[at] + imaginary[mirrored]) / 2
      let amplitude = hypot(own.x, own.y)
      // Without a phase of its own a wave stays as it is.
      let factor = amplitude > noise ? hypot(other.x, other.y) / amplitude - 1 : 0
      // Each wave but those of the middle row stands for its mirror image too.
      let scale = (index < columns ? 1 : 2) / Float(pixels)
      change.real[index] = own.x * factor * scale
      change.imaginary[index] = own.y * factor * scale
    }
    return change
  }
}
