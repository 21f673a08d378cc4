import Checkpoints
import GANs

/// All that determines the training of a generator from noise: the same options, samples and seed
/// give the same model.
public struct GANTrainingOptions: Codable, Equatable, Sendable {
  /// Where the samples come from.
  public struct Source: Codable, Equatable, Sendable {
    /// A folder, an IDX file, or the name of what is drawn.
    public var name: String
    /// Pixels per side; nil for what is customary.
    public var size: Int?
    /// Channels; nil for what the pictures have.
    public var channels: Int?

    /// Names a source.
    public init(_ name: String, size: Int? = nil, channels: Int? = nil) {
      self.name = name
      self.size = size
      self.channels = channels
    }

    /// Opens it.
    ///
    /// - Throws: As `SampleSource.init(opening:size:channels:)`.
    public func open() throws -> SampleSource {
      try SampleSource(opening: name, size: size, channels: channels)
    }
  }

  /// The samples.
  public var source: Source
  /// The family.
  public var family: GANFamily
  /// Both networks and the game between them.
  public var model: AdversarialModel
  /// How long to train.
  public var length: TrainingLength
  /// How the learning rate goes over the run.
  public var schedule: ScheduleKind
  /// Samples in a turn of the discriminator.
  public var batch: Int
  /// Steps that the model's weights are averaged over; nil for the last step's weights.
  public var average: Int?
  /// The seed of all randomness.
  public var seed: UInt64

  /// A family with the numbers of its paper.
  ///
  /// - Parameters:
  ///   - family: Which.
  ///   - source: Where the samples come from.
  ///   - samples: The same, opened.
  ///   - kind: How the networks are made up; nil for the family's own.
  public init(
    _ family: GANFamily, source: Source, samples: SampleSource,
    kind: SamplerDescription.Kind? = nil
  ) {
    self.source = source
    self.family = family
    model = AdversarialModel(
      family, making: samples.shape, classes: family == .conditional ? samples.labels.count : 0,
      kind: kind)
    let isPoint = samples.shape.isPoint
    length = .steps(isPoint ? 10_000 : family.steps(of: model.generator.kind))
    // Points have to be met within hundredths, for which a rate that stays is too large.
    schedule = isPoint ? .cosine : .constant
    batch = isPoint ? 128 : family.batch
    seed = 1
  }
}

extension GANFamily {
  /// Samples in a turn, as in the papers.
  fileprivate var batch: Int {
    switch self {
    case .vanilla, .conditional: 100
    case .dcgan: 128
    case .wgan, .wganGP: 64
    }
  }

  /// Steps that take minutes on two cores and small pictures.
  fileprivate func steps(of kind: SamplerDescription.Kind) -> Int {
    switch (kind, self) {
    case (.perceptron, _): 20_000
    case (.convolutional, .wgan), (.convolutional, .wganGP): 4_000
    case (.convolutional, _): 1_000
    }
  }
}

extension GANTrainingOptions {
  /// The most pixels per side.
  public static let largestSize = 4096

  /// Refuses options that cannot be trained with.
  ///
  /// - Throws: `TrainingError.invalidOption`.
  public func validate() throws(TrainingError) {
    try validateSamples()
    try validateCounts()
    try validateNorms()
    try validateGame()
    try length.validate()
  }

  /// Refuses samples that the family or its networks cannot make.
  private func validateSamples() throws(TrainingError) {
    let generator = model.generator, discriminator = model.discriminator
    let isConvolutional = generator.kind == .convolutional || discriminator.kind == .convolutional
    try require(
      !isConvolutional || !generator.sample.isPoint, "--family",
      "\(family.rawValue): convolutions make pictures, and \(source.name) is points; use vanilla, "
        + "wgan or wgan-gp, and no --network")
    try require(
      !isConvolutional || generator.sample.doublings != nil, "--size",
      "\(generator.sample.size): convolutions take 4 or 7, doubled once or more: 28, 32, 64")
    try require(
      family != .conditional || generator.classes > 1, "--family",
      "conditional: \(source.name) has no labels to tell apart; put each class, two at least, into"
        + " a folder of its own")
    try require(
      generator.sample == discriminator.sample && generator.classes == discriminator.classes,
      "--size", "or the number of classes differs between the two networks")
  }

  private func validateCounts() throws(TrainingError) {
    let generator = model.generator, discriminator = model.discriminator
    for (option, number, most) in [
      ("--batch", batch, 65_536), ("--latent", generator.latent, 65_536),
      ("--width", generator.width, 65_536), ("--critic-width", discriminator.width, 65_536),
      ("--layers", generator.layers, 100), ("--layers", discriminator.layers, 100),
      ("--embedding", generator.embedding ?? 1, 65_536),
      ("--embedding", discriminator.embedding ?? 1, 65_536),
      ("--size", source.size ?? 1, Self.largestSize),
      ("--size", generator.sample.size, Self.largestSize),
      ("--critic-steps", model.options.criticSteps, 1000),
    ] {
      try require((1...most).contains(number), option, "\(number): from 1 to \(most)")
    }
    for channels in [
      source.channels ?? 1, generator.sample.isPoint ? 1 : generator.sample.channels,
    ] {
      try require([1, 3].contains(channels), "--channels", "\(channels): 1 or 3")
    }
    try require(
      (0...65_536).contains(generator.classes), "--family",
      "of \(generator.classes) classes: 65536 at most")
    try require((average ?? 1) >= 1, "--average", "\(average ?? 0): 0, which is none, or more")
  }

  private func validateNorms() throws(TrainingError) {
    for (option, kind, norm) in [
      ("--norm", model.generator.kind, model.generator.norm),
      ("--critic-norm", model.discriminator.kind, model.discriminator.norm),
    ] {
      try require(
        kind == .convolutional || norm != .instance, option,
        "instance: a perceptron has one pixel, of which nothing would be left; use batch or none")
    }
  }

  /// Refuses losses without what they need, and numbers that make no sense.
  private func validateGame() throws(TrainingError) {
    let discriminator = model.discriminator, game = model.options
    for (option, rate) in [
      ("--learning-rate", game.learningRate), ("--critic-learning-rate", game.criticLearningRate),
    ] {
      try require(rate > 0 && rate.isFinite, option, "\(rate): a number above 0")
    }
    for (option, share) in [
      ("--smoothing", game.smoothing), ("--dropout", discriminator.dropout),
    ] {
      try require((0..<1).contains(share), option, "\(share): from 0 to below 1")
    }
    switch game.constraint {
    case .none: break
    case .clipping(let limit): try require(limit > 0, "--clip", "\(limit): above 0")
    case .gradientPenalty(let factor): try require(factor > 0, "--penalty", "\(factor): above 0")
    }
    let isPenalized = if case .gradientPenalty = game.constraint { true } else { false }
    try require(
      game.loss != .wganGP || isPenalized, "--gan-loss",
      "wgan-gp: it is one with a gradient penalty; give --penalty 10")
    try require(
      game.loss != .wasserstein || game.constraint != .none || discriminator.isSpectral,
      "--gan-loss",
      "wasserstein: nothing would keep the critic from being steep; give --penalty, --clip or "
        + "--spectral-norm")
  }

  /// Refuses samples that the networks were not made for.
  ///
  /// - Throws: `TrainingError.invalidOption`.
  func requireFit(_ samples: SampleSource) throws(TrainingError) {
    let generator = model.generator, found = samples.shape
    guard generator.sample == found else {
      let (size, channels) = (generator.sample.size, generator.sample.channels)
      throw .invalidOption(
        "--size",
        problem: "\(size) with \(channels) channels: the samples have \(found.size) with "
          + "\(found.channels)")
    }
    guard generator.classes == 0 || generator.classes == samples.labels.count else {
      throw .invalidOption(
        "--family",
        problem: "of \(generator.classes) classes: \(source.name) has \(samples.labels.count)")
    }
  }

  /// The options by their names on the command line, for the model file.
  var namedOptions: [String: String] {
    let generator = model.generator, discriminator = model.discriminator, game = model.options
    var named = [
      "family": family.rawValue, "network": generator.kind.rawValue, "batch": "\(batch)",
      "size": "\(generator.sample.size)", "channels": "\(generator.sample.channels)",
      "latent": "\(generator.latent)", "noise": generator.noise.rawValue,
      "width": "\(generator.width)", "critic-width": "\(discriminator.width)",
      "norm": generator.norm.rawValue, "critic-norm": discriminator.norm.rawValue,
      "gan-loss": game.loss.rawValue, "smoothing": "\(game.smoothing)",
      "critic-steps": "\(game.criticSteps)", "learning-rate": "\(game.learningRate)",
      "critic-learning-rate": "\(game.criticLearningRate)", "schedule": schedule.rawValue,
      "average": "\(average ?? 0)",
    ]
    if generator.kind == .perceptron { named["layers"] = "\(generator.layers)" }
    if discriminator.kind == .perceptron { named["dropout"] = "\(discriminator.dropout)" }
    if let embedding = generator.embedding { named["embedding"] = "\(embedding)" }
    if discriminator.isSpectral { named["spectral-norm"] = "true" }
    switch game.constraint {
    case .none: break
    case .clipping(let limit): named["clip"] = "\(limit)"
    case .gradientPenalty(let factor): named["penalty"] = "\(factor)"
    }
    switch length {
    case .epochs(let flat, let decaying): named["epochs"] = "\(flat + decaying)"
    case .steps(let flat, let decaying): named["steps"] = "\(flat + decaying)"
    case .time: break
    }
    return named
  }

  /// See `RunOptions.comparedOptions`.
  public var comparedOptions: [String: String] {
    var compared = namedOptions
    compared["seed"] = "\(seed)"
    return compared
  }
}
