/// Something that goes wrong in a training run, under the name that the field has for it.
public struct Trouble: Sendable, Equatable {
  /// The troubles that are noticed.
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// The discriminator wins, and its generator learns nothing from it any more.
    case overpoweringDiscriminator
    /// The generator makes the same few things from whatever noise.
    case modeCollapse
    /// Numbers grow out of bounds.
    case divergence
    /// A translation turns light into dark and dark into light.
    case invertedColors
    /// A translation leaves pictures as they are.
    case identityCollapse
    /// Pixels alternate in a pattern that no picture has.
    case checkerboard
    /// A translation hides what it should have kept in differences that nobody can see.
    case hiddenInformation

    /// The name in words.
    public var words: String {
      switch self {
      case .overpoweringDiscriminator: "Overpowering discriminator"
      case .modeCollapse: "Mode collapse"
      case .divergence: "Divergence"
      case .invertedColors: "Inverted colours"
      case .identityCollapse: "Identity collapse"
      case .checkerboard: "Checkerboard"
      case .hiddenInformation: "Hidden information"
      }
    }
  }

  /// Which trouble.
  public let kind: Kind
  /// After which step it was noticed.
  public let step: Int
  /// What was measured, and what is usual: a clause.
  public let evidence: String
  /// Which knob to turn: a sentence.
  public let remedy: String

  /// Describes a trouble.
  public init(_ kind: Kind, step: Int, evidence: String, remedy: String) {
    self.kind = kind
    self.step = step
    self.evidence = evidence
    self.remedy = remedy
  }
}

extension Trouble: CustomStringConvertible {
  /// Name, evidence and remedy, in a line.
  public var description: String { "\(kind.words): \(evidence). \(remedy)" }
}

/// Tells when something has held for a while, once until it ceases.
struct Streak: Sendable {
  private let patience: Int
  private var length = 0

  /// - Parameter patience: How many times in a row it must hold.
  init(patience: Int) {
    precondition(patience >= 1, "a patience of \(patience)")
    self.patience = patience
  }

  /// Notes whether it holds now; true when it has just held long enough.
  mutating func note(_ holds: Bool) -> Bool {
    length = holds ? length + 1 : 0
    return length == patience
  }
}

/// Numbers as evidence gives them.
enum Figures {
  /// Two significant digits or so: `0.0031`, `0.25`, `1.4`, `130`.
  static func short(_ value: Float) -> String {
    guard value.isFinite, abs(value) < 1e6 else { return "\(value)" }
    var scale: Float = 1
    while abs(value) * scale < 10, scale < 1e6 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// A share in whole per cents: `3 %`.
  static func percent(_ share: Float) -> String {
    share.isFinite ? "\(Int((min(abs(share), 1e4) * 100).rounded())) %" : "\(share)"
  }
}
