import Augmentation
import ConvolutionCore
import GANs
import ImageDatasets

/// What a step takes on this machine, measured by real steps that leave no trace.
public struct StepMeasurement: Sendable {
  /// Pictures in domain A and in domain B.
  public let pictureCounts: (a: Int, b: Int)
  /// Parameters of one generator and of one discriminator.
  public let parameterCounts: (generator: Int, discriminator: Int)
  /// Pictures of each domain in a step, of which there may be fewer than the batch asks for.
  public let picturesPerStep: Int
  /// Steps that show the larger domain once.
  public let stepsPerEpoch: Int
  /// The median of the steps after the first.
  public let secondsPerStep: Double
  /// Most bytes that this process has used; nil where the system does not tell.
  public let peakMemory: Int?

  /// Makes a few steps.
  ///
  /// - Parameters:
  ///   - options: What would be trained.
  ///   - catalog: The operations that a recipe for augmentation may name.
  ///   - backend: The device that computes.
  ///   - seconds: How long to measure, at least two steps after the first.
  ///   - now: A clock in seconds.
  /// - Throws: `TrainingError`, `RecipeError`, `AugmentationError` or `DatasetError`; where the run
  ///   begins with a model's weights also `CheckpointError` or `FileError`.
  public init(
    _ options: TrainingOptions, catalog: OperationCatalog = .standard,
    on backend: any Backend, seconds: Double = 3,
    now: () -> Double = MonotonicClock.seconds
  ) throws {
    try options.validate()
    let a = try ImageFolder(options.domainA.folder), b = try ImageFolder(options.domainB.folder)
    // What the run itself would ask for, too.
    for folder in [options.domainA.testFolder, options.domainB.testFolder].compactMap(\.self) {
      _ = try ImageFolder(folder)
    }
    let loader = UnpairedLoader(a: a, b: b, options: try options.loading(catalog))
    try MemoryNeed.require(
      options.leastBytes(picturesPerStep: loader.picturesPerStep), on: backend)
    let networks = options.networks()
    try options.initialize(networks)
    let step = CycleGANStep(networks, options.cycleGAN, on: backend)
    secondsPerStep = try MonotonicClock.secondsPerStep(for: seconds, now) { index in
      let pictures = try loader.pair(
        epoch: 1 + index / loader.stepsPerEpoch, index: index % loader.stepsPerEpoch)
      let chances = CycleGANChances(
        seed: options.seed, step: index + 1, batch: pictures.pathsA.count,
        poolSize: options.poolSize)
      _ = step(realA: pictures.a, realB: pictures.b, chances: chances)
    }
    pictureCounts = (a.count, b.count)
    parameterCounts = (
      networks.generatorAB.parameterCount, networks.discriminatorB.parameterCount
    )
    picturesPerStep = loader.picturesPerStep
    stepsPerEpoch = loader.stepsPerEpoch
    peakMemory = PeakMemory.bytes
  }
}
