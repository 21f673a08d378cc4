import Images
import Tensors

/// Changes brightness, contrast, saturation and hue, in a random order.
///
/// As torchvision defines them: each factor is drawn evenly from 1 − amount … 1 + amount (not
/// below 0), the hue is turned by −amount … amount of a full circle. Pictures without colour keep
/// their lack of it; alpha stays.
public struct ColorJitter: ImageOperation {
  /// `"ColorJitter"`.
  public static let name = "ColorJitter"

  /// One of the four changes, with what was drawn for it.
  public enum Adjustment: Sendable, Equatable {
    /// Levels times a factor.
    case brightness(Float)
    /// Distances from the picture's mean grey times a factor.
    case contrast(Float)
    /// Distances from the pixel's own grey times a factor.
    case saturation(Float)
    /// Turn of the colour circle, −½…½.
    case hue(Float)
  }

  /// Factors on the levels, from 0.
  public let brightness: ClosedRange<Float>
  /// Factors on the contrast, from 0.
  public let contrast: ClosedRange<Float>
  /// Factors on the saturation, from 0.
  public let saturation: ClosedRange<Float>
  /// Turns of the colour circle, within −½…½.
  public let hue: ClosedRange<Float>
  /// How often it is applied, 0…1.
  public let probability: Float

  /// Creates the operation from the amounts of change.
  ///
  /// - Parameters:
  ///   - brightness: At least 0; factors lie in 1 ± amount.
  ///   - contrast: At least 0; factors lie in 1 ± amount.
  ///   - saturation: At least 0; factors lie in 1 ± amount.
  ///   - hue: 0…½ of the colour circle, either way.
  ///   - probability: How often it is applied, 0…1.
  public init(
    brightness: Float = 0.2, contrast: Float = 0.2, saturation: Float = 0.2, hue: Float = 0.05,
    probability: Float = 1
  ) {
    precondition(
      brightness >= 0 && contrast >= 0 && saturation >= 0 && (0...0.5).contains(hue),
      "jitter of \(brightness), \(contrast), \(saturation), \(hue)")
    func factors(_ amount: Float) -> ClosedRange<Float> { max(0, 1 - amount)...(1 + amount) }
    self.brightness = factors(brightness)
    self.contrast = factors(contrast)
    self.saturation = factors(saturation)
    self.hue = -hue...hue
    self.probability = probability
  }

  /// Draws the four changes and their order.
  public func draw(
    width: Int, height: Int, using random: inout SeededRandom
  ) -> [Adjustment] {
    var adjustments: [Adjustment] = [
      .brightness(random.uniform(in: brightness)), .contrast(random.uniform(in: contrast)),
      .saturation(random.uniform(in: saturation)), .hue(random.uniform(in: hue)),
    ]
    for last in stride(from: adjustments.count - 1, to: 0, by: -1) {
      adjustments.swapAt(last, random.integer(below: last + 1))
    }
    return adjustments
  }

  /// Makes the changes one after the other; levels are rounded once, at the end.
  public func apply(_ parameters: [Adjustment], to image: Image) -> Image {
    if parameters.allSatisfy(\.isNeutral) { return image }
    var colors = ColorPlane(image)
    for adjustment in parameters where !adjustment.isNeutral { colors.adjust(adjustment) }
    return colors.written(into: image)
  }
}

extension ColorJitter.Adjustment {
  /// Whether it changes nothing.
  fileprivate var isNeutral: Bool {
    switch self {
    case .brightness(let factor), .contrast(let factor), .saturation(let factor): factor == 1
    case .hue(let turn): turn == 0
    }
  }
}
