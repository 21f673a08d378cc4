import Augmentation
import Checkpoints
import GANs
import ImageDatasets
import Layers

/// The options as the parts of a run take them.
extension TrainingOptions {
  /// What the step takes.
  var cycleGAN: CycleGANOptions {
    CycleGANOptions(
      lambdaA: lambdaCycle, lambdaB: lambdaCycle, lambdaIdentity: lambdaIdentity,
      adversarialLoss: adversarialLoss, learningRate: learningRate, poolSize: pool,
      discriminatorAugmentation: discriminatorAugmentation)
  }

  /// What the loader takes.
  ///
  /// - Parameter operations: Those that the recipe may name.
  /// - Throws: `RecipeError` where the recipe cannot be read, `AugmentationError` where an operation
  ///   lacks what it needs.
  func loading(_ operations: OperationCatalog) throws -> UnpairedLoader.Options {
    var loading = UnpairedLoader.Options()
    loading.loadSize = loadSize
    loading.cropSize = size
    loading.batch = batch
    loading.acceptsDamage = acceptsDamage ?? false
    loading.flips = mirrors ?? true
    loading.fit = keepsShapes ?? false ? .keepShape : .stretch
    loading.seed = seed
    if let augmentation {
      let pipeline = try Recipe.read(augmentation, catalog: operations)
      try pipeline.prepare()
      loading.augmentation = pipeline
    }
    return loading
  }

  /// The four networks, zeros throughout.
  func networks() -> CycleGAN {
    CycleGAN(
      generator: generator,
      discriminator: DiscriminatorDescription(
        filters: discriminatorFilters, isSpectral: spectralNorm ?? false))
  }

  /// Draws the first weights, those of the generators unless a model has them.
  func initialize(_ networks: CycleGAN) throws {
    networks.initialize(seed: seed)
    guard let file = initialWeights else { return }
    let model = try ModelFile.read(file)
    guard model.description.generator == generator else {
      throw TrainingError.unfitWeights(file: file, problem: "it has another architecture")
    }
    do {
      try networks.generatorAB.load(model.parameters(.aToB, file: file))
      try networks.generatorBA.load(model.parameters(.bToA, file: file))
    } catch let mismatch as ParameterMismatch {
      throw TrainingError.unfitWeights(file: file, problem: "\(mismatch)")
    }
  }

  /// The options by their names on the command line, for the model file.
  var words: [String: String] {
    var words = [
      "size": "\(size)", "load-size": "\(loadSize)", "batch": "\(batch)",
      "generator": generator.kind == .resnet
        ? "resnet\(generator.blocks)" : "unet\(1 << generator.blocks)",
      "filters": "\(generator.filters)", "upsampling": generator.upsampling.rawValue,
      "discriminator-filters": "\(discriminatorFilters)",
      "lambda-cycle": "\(lambdaCycle)", "lambda-identity": "\(lambdaIdentity)",
      "gan-loss": adversarialLoss.rawValue, "learning-rate": "\(learningRate)",
      "schedule": schedule.rawValue, "pool": "\(pool)", "average": "\(average ?? 0)",
    ]
    if spectralNorm ?? false { words["spectral-norm"] = "true" }
    if mirrors == false { words["no-flip"] = "true" }
    if keepsShapes ?? false { words["keep-shape"] = "true" }
    switch discriminatorAugmentation {
    case .always: words["diff-augment"] = "true"
    case .adaptive: words["adaptive-augment"] = "true"
    case nil: break
    }
    words["augment"] = augmentation
    if acceptsDamage ?? false { words["accept-damaged"] = "true" }
    switch length {
    case .epochs(let flat, let decaying):
      words["epochs"] = "\(flat)"
      words["decay-epochs"] = "\(decaying)"
    case .steps(let flat, let decaying): words["steps"] = "\(flat + decaying)"
    case .time: break
    }
    return words
  }

  /// The options, by their names on the command line, in which two runs differ; where the
  /// pictures lie does not count.
  public func differences(from other: TrainingOptions) -> [String] {
    let mine = allWords, others = other.allWords
    return Set(mine.keys).union(others.keys).filter { mine[$0] != others[$0] }.sorted()
      .map { "--\($0)" }
  }

  private var allWords: [String: String] {
    var words = words
    words["names"] = "\(domainA.name),\(domainB.name)"
    words["seed"] = "\(seed)"
    words["initial-weights"] = initialWeights
    return words
  }
}
