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
      adversarialLoss: adversarialLoss, learningRate: learningRate, poolSize: poolSize,
      discriminatorAugmentation: discriminatorAugmentation)
  }

  /// What the loader takes.
  ///
  /// - Parameter catalog: The operations that the recipe may name.
  /// - Throws: `RecipeError` where the recipe cannot be read, `AugmentationError` where an operation
  ///   lacks what it needs.
  func loading(_ catalog: OperationCatalog) throws -> UnpairedLoader.Options {
    var loading = UnpairedLoader.Options()
    loading.loadSize = loadSize
    loading.cropSize = size
    loading.batch = batch
    loading.acceptsDamage = acceptsDamage
    loading.flips = flips
    loading.fit = keepsShapes ? .keepShape : .stretch
    loading.seed = seed
    if let augmentation {
      let pipeline = try Recipe.read(augmentation, catalog: catalog)
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
        filters: discriminatorFilters, isSpectral: spectralNorm))
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
  var namedOptions: [String: String] {
    var named = [
      "size": "\(size)", "load-size": "\(loadSize)", "batch": "\(batch)",
      "generator": generator.kind == .resnet
        ? "resnet\(generator.blocks)" : "unet\(1 << generator.blocks)",
      "filters": "\(generator.filters)", "upsampling": generator.upsampling.rawValue,
      "discriminator-filters": "\(discriminatorFilters)",
      "lambda-cycle": "\(lambdaCycle)", "lambda-identity": "\(lambdaIdentity)",
      "gan-loss": adversarialLoss.rawValue, "learning-rate": "\(learningRate)",
      "schedule": schedule.rawValue, "pool": "\(poolSize)", "average": "\(average ?? 0)",
    ]
    if spectralNorm { named["spectral-norm"] = "true" }
    if !flips { named["no-flip"] = "true" }
    if keepsShapes { named["keep-shape"] = "true" }
    switch discriminatorAugmentation {
    case .always: named["diff-augment"] = "true"
    case .adaptive: named["adaptive-augment"] = "true"
    case nil: break
    }
    named["augment"] = augmentation
    if acceptsDamage { named["accept-damaged"] = "true" }
    switch length {
    case .epochs(let flat, let decaying):
      named["epochs"] = "\(flat)"
      named["decay-epochs"] = "\(decaying)"
    case .steps(let flat, let decaying): named["steps"] = "\(flat + decaying)"
    case .time: break
    }
    return named
  }

  /// See `RunOptions.comparedOptions`.
  public var comparedOptions: [String: String] {
    var compared = namedOptions
    compared["names"] = "\(domainA.name),\(domainB.name)"
    compared["seed"] = "\(seed)"
    compared["initial-weights"] = initialWeights
    return compared
  }
}
