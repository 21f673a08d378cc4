/// Which pictures the discriminators see changed by `DiffAugment`.
public enum DiscriminatorAugmentation: String, Codable, CaseIterable, Sendable {
  /// All of them, in every way.
  case always
  /// As many as keep a discriminator from learning its pictures by heart: `AdaptiveProbability`.
  case adaptive
}

/// How often a discriminator is shown changed pictures: more often while it is too sure of real
/// ones, less often while it is not.
///
/// Sureness is the mean sign of its judgements of real pictures, 0 for one that guesses and 1 for one
/// that knows them all.
/// - SeeAlso: Karras et al., arXiv:2006.06676, section 3.
public struct AdaptiveProbability: Codable, Hashable, Sendable {
  /// The sureness at which nothing is changed.
  static let target: Float = 0.6
  /// Steps whose sureness is averaged before the probability moves.
  static let stepsPerMove = 4
  /// Pictures within which it can go from 0 to 1: the paper's share, 2 %, of the standard run.
  static let picturesToOne: Float = 4000

  /// How often each kind of change happens to a picture, 0…1.
  public private(set) var value: Float = 0
  private var sureness: Float = 0
  private var steps = 0

  /// Begins with pictures as they are.
  public init() {}

  /// Whether steps lead here, as a file says.
  package var isPossible: Bool {
    (0...1).contains(value) && sureness.isFinite && (0..<Self.stepsPerMove).contains(steps)
  }

  /// Takes note of one step's judgements.
  ///
  /// - Parameters:
  ///   - sureness: The mean sign of the judgements of real pictures, −1…1.
  ///   - pictures: How many were judged.
  mutating func note(sureness: Float, pictures: Int) {
    self.sureness += sureness
    steps += 1
    guard steps == Self.stepsPerMove else { return }
    let move = Float(steps * pictures) / Self.picturesToOne
    value += self.sureness / Float(steps) > Self.target ? move : -move
    value = min(max(0, value), 1)
    (self.sureness, steps) = (0, 0)
  }
}
