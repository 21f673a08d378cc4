import Images
import Tensors

/// Changes brightness, contrast, saturation and hue, in a random order.
///
/// As torchvision defines them: levels, distances from the picture's mean grey and distances from
/// the pixel's own grey times a factor, and the hue turned. Pictures without colour keep their lack
/// of it; alpha stays. Levels are rounded once, at the end.
public struct ColorJitter: PixelOperation {
  /// What it does.
  public static let summary = "Changes brightness, contrast, saturation and hue, in a random order."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .range("brightness", \.brightness, in: 0...10, single: .aroundOne, "Factors on the levels."),
    .range("contrast", \.contrast, in: 0...10, single: .aroundOne, "Factors on the contrast."),
    .range(
      "saturation", \.saturation, in: 0...10, single: .aroundOne, "Factors on the saturation."),
    .range("hue", \.hue, in: -0.5...0.5, single: .aroundZero, "Turns of the colour circle."),
  ]

  /// What can be changed.
  public enum Quality: String, Codable, Sendable, CaseIterable {
    /// Levels times a factor.
    case brightness
    /// Distances from the picture's mean grey times a factor.
    case contrast
    /// Distances from the pixel's own grey times a factor.
    case saturation
    /// A turn of the colour circle, −½…½.
    case hue
  }

  /// One of the four changes, with what was drawn for it.
  public struct Change: Codable, Sendable, Equatable {
    /// What is changed.
    public var quality: Quality
    /// The factor, or the turn.
    public var amount: Float

    /// Creates a change.
    public init(_ quality: Quality, _ amount: Float) {
      self.quality = quality
      self.amount = amount
    }
  }

  /// Factors on the levels, from 0.
  public var brightness: ClosedRange<Float> = 0.8...1.2
  /// Factors on the contrast, from 0.
  public var contrast: ClosedRange<Float> = 0.8...1.2
  /// Factors on the saturation, from 0.
  public var saturation: ClosedRange<Float> = 0.8...1.2
  /// Turns of the colour circle, within −½…½.
  public var hue: ClosedRange<Float> = -0.05...0.05
  /// How often it is applied, 0…1.
  public var probability: Float = 1

  /// Creates the operation, for moderate changes.
  public init() {}

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
    requireValid()
  }

  /// Draws the four changes and their order.
  public func draw(for size: PixelSize, using random: inout SeededRandom) -> [Change] {
    let changes = [
      Change(.brightness, random.uniform(in: brightness)),
      Change(.contrast, random.uniform(in: contrast)),
      Change(.saturation, random.uniform(in: saturation)), Change(.hue, random.uniform(in: hue)),
    ]
    return random.permutation(of: changes.count).map { changes[$0] }
  }

  /// Makes the changes one after the other.
  public func changed(_ image: Image, by drawn: [Change]) -> Image {
    var changes: [ColorChange] = []
    for change in drawn where !change.isNeutral {
      switch change.quality {
      case .brightness: changes.append(.scaling(by: change.amount))
      case .contrast:
        let mean = image.meanGrey(after: changes)
        changes.append(.scaling(by: change.amount, adding: mean * (1 - change.amount)))
      case .saturation: changes.append(.saturation(change.amount))
      case .hue: changes.append(.hsv(hue: change.amount, saturation: 0, value: 0))
      }
    }
    return changes.isEmpty ? image : image.adjusted(changes)
  }
}

extension ColorJitter.Change {
  /// Whether it changes nothing.
  fileprivate var isNeutral: Bool { amount == (quality == .hue ? 0 : 1) }
}

extension ColorChange {
  /// Every colour times a factor, plus a level.
  static func scaling(by factor: Float, adding level: Float = 0) -> ColorChange {
    .matrix([factor, 0, 0, level, 0, factor, 0, level, 0, 0, factor, level])
  }

  /// Distances from the pixel's own grey times a factor.
  static func saturation(_ factor: Float) -> ColorChange {
    let red = 0.299 * (1 - factor), green = 0.587 * (1 - factor), blue = 0.114 * (1 - factor)
    return .matrix([
      red + factor, green, blue, 0, red, green + factor, blue, 0, red, green, blue + factor, 0,
    ])
  }
}
