/// A set of options that go well together, named by what it takes.
public enum TrainingPreset: String, Codable, CaseIterable, Sendable {
  /// What the paper and the reference implementation do: 256², 64 filters, 9 blocks, 200 epochs.
  case reference
  /// One night on two cores: 128², 32 filters, 6 blocks.
  case laptop
  /// Minutes: 64², 16 filters, 3 blocks.
  case quick

  /// What a run takes that names none: most machines without a GPU finish it.
  public static let standard = TrainingPreset.laptop

  /// Pixels per side of the crops.
  public var size: Int { [.reference: 256, .laptop: 128, .quick: 64][self]! }

  /// Channels after the first convolution, of generators and discriminators.
  public var filters: Int { [.reference: 64, .laptop: 32, .quick: 16][self]! }

  /// Residual blocks.
  public var blocks: Int { [.reference: 9, .laptop: 6, .quick: 3][self]! }

  /// Steps that the model's weights are averaged over; the paper does not.
  public var average: Int? { [.laptop: 2000, .quick: 1000][self] }

  /// How long: the smaller ones by steps, so that a large folder makes them no longer.
  public var length: TrainingLength {
    switch self {
    case .reference: .epochs(flat: 100, decaying: 100)
    case .laptop: .steps(120_000)
    case .quick: .steps(20_000)
    }
  }
}
