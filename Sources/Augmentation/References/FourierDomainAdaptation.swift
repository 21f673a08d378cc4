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
    let across = Waves(0...waves, length: image.width)
    let down = Waves(-waves...waves, length: image.height)
    var result = image
    for color in 0..<image.colors {
      let plane = Matrix(image, channel: color)
      let own = Spectrum(plane, across: across, down: down)
      let other = Spectrum(Matrix(reference, channel: color), across: across, down: down)
      let change = own.change(toAmplitudesOf: other).plane(across: across, down: down)
      for pixel in 0..<image.width * image.height {
        result.samples[pixel * image.channels + color] =
          LevelTable.level(plane.values[pixel] + change.values[pixel])
      }
    }
    return result
  }
}

/// Cosines and sines of some waves along a line, a column for each wave.
private struct Waves {
  let numbers: ClosedRange<Int>
  let cosines: Matrix
  let sines: Matrix

  init(_ numbers: ClosedRange<Int>, length: Int) {
    self.numbers = numbers
    func matrix(_ function: (Double) -> Double) -> Matrix {
      Matrix(
        rows: length, columns: numbers.count,
        values: (0..<length).flatMap { place in
          numbers.map { number in
            // Whole turns are left out before they cost digits.
            let phase = (place * number) % length
            return Float(function(2 * .pi * Double(phase) / Double(length)))
          }
        })
    }
    cosines = matrix(cos)
    sines = matrix(sin)
  }
}

/// The lowest part of a plane's Fourier transform: a row for each wave down, a column for each
/// wave across, from none on; the other half is its mirror image.
private struct Spectrum {
  let real: Matrix
  let imaginary: Matrix

  init(_ plane: Matrix, across: Waves, down: Waves) {
    let cosines = plane * across.cosines, sines = plane * across.sines
    let rows = down.cosines.transposed, rowsOfSines = down.sines.transposed
    real = rows * cosines - rowsOfSines * sines
    imaginary = (rows * sines + rowsOfSines * cosines).map { -$0 }
  }

  private init(real: Matrix, imaginary: Matrix) {
    self.real = real
    self.imaginary = imaginary
  }

  /// What must be added for the amplitudes of another one.
  func change(toAmplitudesOf other: Spectrum) -> Spectrum {
    var real = real, imaginary = imaginary
    for index in real.values.indices {
      let own = hypot(real.values[index], imaginary.values[index])
      let wanted = hypot(other.real.values[index], other.imaginary.values[index])
      // Without a phase of its own a wave gets the amplitude as it is.
      let factor = own > 0 ? wanted / own - 1 : 0
      real.values[index] *= factor
      imaginary.values[index] *= factor
    }
    return Spectrum(real: real, imaginary: imaginary)
  }

  /// The plane of which this is the spectrum.
  func plane(across: Waves, down: Waves) -> Matrix {
    let real = down.cosines * self.real - down.sines * imaginary
    let imaginary = down.cosines * self.imaginary + down.sines * self.real
    // Each wave but that of no turns stands for its mirror image too.
    let scale = 1 / Float(across.cosines.rows * down.cosines.rows)
    func weighted(_ matrix: Matrix) -> Matrix {
      var matrix = matrix
      for index in matrix.values.indices {
        matrix.values[index] *= index % matrix.columns == 0 ? scale : 2 * scale
      }
      return matrix
    }
    return weighted(real) * across.cosines.transposed
      - weighted(imaginary) * across.sines.transposed
  }
}
