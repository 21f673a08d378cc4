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
  public var size: Int { numbers.size }

  /// Channels after the first convolution, of generators and discriminators.
  public var filters: Int { numbers.filters }

  /// Residual blocks.
  public var blocks: Int { numbers.blocks }

  /// Steps that the model's weights are averaged over; the paper does not.
  public var average: Int? { numbers.average }

  private var numbers: (size: Int, filters: Int, blocks: Int, average: Int?) {
    switch self {
    case .reference: (256, 64, 9, nil)
    case .laptop: (128, 32, 6, 2000)
    case .quick: (64, 16, 3, 1000)
    }
  }

  /// How long: the smaller ones by steps, so that a large folder makes them no longer.
  public var length: TrainingLength {
    switch self {
    case .reference: .epochs(flat: 100, decaying: 100)
    case .laptop: .steps(120_000)
    case .quick: .steps(20_000)
    }
  }
}
