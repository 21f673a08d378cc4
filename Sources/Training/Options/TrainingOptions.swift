import Checkpoints
import GANs

/// All that determines a training run: the same options, pictures and seed give the same model.
///
/// Written to `options.json` in the run folder, and read from there to go on.
public struct TrainingOptions: Codable, Equatable, Sendable {
  /// The pictures of one of the two kinds.
  public struct Domain: Codable, Equatable, Sendable {
    /// What the kind is called: `summer`.
    public var name: String
    /// The folder of pictures to learn from, searched recursively.
    public var folder: String
    /// A folder of pictures that are not learnt from, for samples; nil for none.
    public var testFolder: String?

    /// Describes a domain.
    public init(name: String, folder: String, testFolder: String? = nil) {
      self.name = name
      self.folder = folder
      self.testFolder = testFolder
    }
  }

  /// Domain A.
  public var domainA: Domain
  /// Domain B.
  public var domainB: Domain
  /// How long to train.
  public var length: TrainingLength
  /// How the learning rate goes over the run.
  public var schedule: ScheduleKind
  /// Pixels per side of the crops that the networks see.
  public var size: Int
  /// Pixels per side to which pictures are scaled before the crop.
  public var loadSize: Int
  /// Pictures of each domain in a step.
  public var batch: Int
  /// The generator from A to B; the other one has the channels exchanged.
  public var generator: GeneratorDescription
  /// Channels after the discriminators' first convolution.
  public var discriminatorFilters: Int
  /// Whether the discriminators' filters are divided by their largest singular value.
  public var spectralNorm = false
  /// The recipe, as JSON, by which pictures are changed before the crop; nil for none.
  public var augmentation: String?
  /// Whether what is there of broken pictures is learnt from.
  public var acceptsDamage = false
  /// Whether half of the crops, by chance, are flipped horizontally.
  public var flips = true
  /// Whether pictures keep their shapes when they are scaled before the crop.
  public var keepsShapes = false
  /// Which pictures discriminators see changed at random; nil for none.
  public var discriminatorAugmentation: DiscriminatorAugmentation?
  /// Weight of the cycle losses.
  public var lambdaCycle: Float
  /// Weight of the identity losses, as a share of the cycle losses' weight; 0 for none.
  public var lambdaIdentity: Float
  /// The adversarial loss.
  public var adversarialLoss: AdversarialLoss
  /// Adam's learning rate at the start.
  public var learningRate: Double
  /// Steps that the model's weights are averaged over; nil for the last step's weights.
  public var average: Int?
  /// Translations that each pool keeps for the discriminators.
  public var poolSize: Int
  /// The seed of all randomness.
  public var seed: UInt64
  /// A model whose generators are the start, in place of random weights; nil for none.
  public var initialWeights: String?

  /// The options of a preset.
  public init(preset: TrainingPreset, domainA: Domain, domainB: Domain) {
    self.domainA = domainA
    self.domainB = domainB
    length = preset.length
    schedule = .flatThenLinear
    size = preset.size
    loadSize = Self.loadSize(for: preset.size)
    batch = 1
    generator = GeneratorDescription(blocks: preset.blocks, filters: preset.filters)
    discriminatorFilters = preset.filters
    lambdaCycle = 10
    lambdaIdentity = 0.5
    adversarialLoss = .lsgan
    learningRate = 2e-4
    average = preset.average
    poolSize = 50
    seed = 1
  }

  /// The most pixels per side of a crop.
  public static let largestSize = 16_384

  /// Pixels per side before the crop, in the reference's proportion: 286 for 256.
  public static func loadSize(for size: Int) -> Int { (size * 286 + 128) / 256 }
}

extension TrainingOptions {
  /// Refuses options that cannot be trained with.
  ///
  /// - Throws: `TrainingError.invalidOption`.
  public func validate() throws(TrainingError) {
    func within(_ range: ClosedRange<Int>, _ number: Int, _ option: String) throws(TrainingError) {
      try require(
        range.contains(number), option,
        "\(number): from \(range.lowerBound) to \(range.upperBound)")
    }
    try within(1...4096, batch, "--batch")
    try require(
      loadSize >= size, "--load-size", "\(loadSize) is less than the crop of --size \(size)")
    try within(1...2 * Self.largestSize, loadSize, "--load-size")
    try within(generator.kind == .unet ? 5...12 : 1...1000, generator.blocks, "--generator")
    try within(1...4096, generator.filters, "--filters")
    try require(
      generator.inputChannels == 3 && generator.outputChannels == 3, "--generator",
      "from \(generator.inputChannels) to \(generator.outputChannels) channels: 3, pictures are "
        + "read in colour")
    try within(1...4096, discriminatorFilters, "--discriminator-filters")
    try require(
      learningRate > 0 && learningRate.isFinite, "--learning-rate",
      "\(learningRate): a number above 0")
    try require(
      adversarialLoss != .wasserstein, "--gan-loss",
      "wasserstein: nothing would keep the discriminators from being steep, use wgan-gp")
    try require(
      discriminatorAugmentation != .adaptive || adversarialLoss != .wganGP, "--adaptive-augment",
      "a critic under wgan-gp is never sure of a picture; use --diff-augment")
    try require(
      lambdaCycle >= 0 && lambdaCycle.isFinite, "--lambda-cycle",
      "\(lambdaCycle): a number not below 0")
    try require(
      lambdaIdentity >= 0 && lambdaIdentity.isFinite, "--lambda-identity",
      "\(lambdaIdentity): a number not below 0")
    try require((average ?? 1) >= 1, "--average", "\(average ?? 0): 0, which is none, or more")
    try within(0...1_000_000, poolSize, "--pool")
    try require(domainA.name != domainB.name, "--names", "both domains are called \(domainA.name)")
    try validateSize()
    try length.validate()
  }

  /// The generator halves its pictures, and the discriminators need a few pixels to judge.
  private func validateSize() throws(TrainingError) {
    let multiple = generator.sizeMultiple
    // Of 24 pixels, a discriminator's three halvings and two last layers leave one judgement.
    let least = max(24, multiple)
    guard size >= least, size % multiple == 0 else {
      throw .invalidOption(
        "--size", problem: "\(size): this generator takes multiples of \(multiple) from \(least) on"
      )
    }
  }
}
