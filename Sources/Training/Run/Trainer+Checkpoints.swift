import Checkpoints
import Files
import GANs
import Glibc
import Layers
import Tensors

extension Trainer {
  /// The options of the run in a folder; nil where there is none.
  ///
  /// - Throws: `CheckpointError` or `FileError` where they cannot be read, `TrainingError` where
  ///   they are none that can be trained with.
  public static func savedOptions(in folder: String) throws -> TrainingOptions? {
    try RunFolder.usableOptions(in: folder)
  }

  func begin() throws {
    for average in averages { average.begin() }
    try folder.log.truncate(to: 0)
    try folder.writeOptions(options)
  }

  func updatePosition() {
    position.generatorAdamSteps = step.generatorAdam.state.steps
    position.discriminatorAdamSteps = step.discriminatorAdam.state.steps
    position.poolCountA = step.poolA.images.count
    position.poolCountB = step.poolB.images.count
    guard options.discriminatorAugmentation == .adaptive else { return }
    (position.adaptiveA, position.adaptiveB) = (step.adaptiveA, step.adaptiveB)
  }

  func writeModel(to path: String) throws { try model.write(to: path) }

  /// The model as it stands.
  public var model: ModelFile {
    ModelFile(
      description: ModelDescription(
        domains: .init(a: options.domainA.name, b: options.domainB.name),
        generator: options.generator,
        preprocessing: .init(size: options.size, loadSize: options.loadSize),
        training: .init(
          program: program, steps: position.step,
          epochs: position.step == 0 ? 0 : plan.epoch(ofStep: position.step), seed: options.seed,
          options: options.namedOptions)),
      generators: [
        .aToB: generators.aToB.values, .bToA: generators.bToA.values,
      ])
  }

  /// Takes up the run where the checkpoint left it.
  func restore() throws {
    let state = try folder.readState(TrainingPosition.self)
    let now = (position.picturesA, position.picturesB)
    position = state.position
    for (domain, before, now) in [
      (options.domainA, position.picturesA, now.0), (options.domainB, position.picturesB, now.1),
    ] where before != now {
      throw TrainingError.picturesChanged(
        folder: domain.folder, before: before.count, now: now.count, weights: folder.path)
    }
    if let problem = position.problem(poolSize: options.poolSize) {
      throw TrainingError.unfitState(file: folder.statePath, problem: problem)
    }
    do {
      try restore(state.tensors)
    } catch {
      throw TrainingError.unfitState(file: folder.statePath, problem: "\(error)")
    }
    savedStep = position.step
    try folder.log.truncate(to: position.logPosition)
  }

  private func restore(_ tensors: [String: Tensor]) throws(ParameterMismatch) {
    for (name, network) in step.networks.networks {
      try network.load(tensors.inside(name + "."))
    }
    for (name, network) in averagedNetworks { try network.load(tensors.inside(name + ".")) }
    for (name, adam, steps) in [
      ("generators", step.generatorAdam, position.generatorAdamSteps),
      ("discriminators", step.discriminatorAdam, position.discriminatorAdamSteps),
    ] {
      try adam.restore(tensors.inside("adam.\(name)."), steps: steps)
    }
    let picture: Shape = [1, options.size, options.size, 3]
    step.poolA.images = try tensors.pool("A", position.poolCountA, of: picture)
    step.poolB.images = try tensors.pool("B", position.poolCountB, of: picture)
    step.adaptiveA = position.adaptiveA ?? AdaptiveProbability()
    step.adaptiveB = position.adaptiveB ?? AdaptiveProbability()
  }

  private var averagedNetworks: [(name: String, network: any Module)] {
    if options.average == nil { return [] }
    return [
      ("average.generatorAB", generators.aToB), ("average.generatorBA", generators.bToA),
    ]
  }

  /// Four networks, the mean of two, two optimizers, two pools.
  var stateTensors: [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (name, network) in step.networks.networks {
      tensors.put(network.values, inside: name + ".")
    }
    for (name, network) in averagedNetworks {
      tensors.put(network.values, inside: name + ".")
    }
    for (name, adam) in [
      ("generators", step.generatorAdam), ("discriminators", step.discriminatorAdam),
    ] {
      tensors.put(adam.momentsByPath, inside: "adam.\(name).")
    }
    for (domain, pool) in [("A", step.poolA), ("B", step.poolB)] {
      for (index, image) in pool.images.enumerated() { tensors["pool.\(domain).\(index)"] = image }
    }
    return tensors
  }
}

extension [String: Tensor] {
  fileprivate func pool(
    _ domain: String, _ count: Int, of shape: Shape
  ) throws(ParameterMismatch) -> [Tensor] {
    var images: [Tensor] = []
    for index in 0..<count {
      let path = "pool.\(domain).\(index)"
      guard let image = self[path] else { throw .missing(path: path) }
      guard image.shape == shape else {
        throw .shape(path: path, found: image.shape, expected: shape)
      }
      images.append(image)
    }
    return images
  }
}
