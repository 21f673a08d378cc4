import ArgumentParser
import CycleGANKit

/// What `cyclegan train` can be told about a run; what is not given comes from the preset.
struct TrainArguments: ParsableArguments {
  @Option(help: "A set of options, which others given beside it override. (default: laptop)")
  var preset: TrainingPreset?

  @Option(
    help: "The domains' names, as in summer,winter. (default: from the folders' names)",
    transform: DomainNamesArgument.read)
  var names: DomainNamesArgument?

  @Option(
    help: "Pictures of A that are not learnt from, for samples. (default: testA beside trainA)",
    completion: .file())
  var testA: String?

  @Option(
    help: "Pictures of B that are not learnt from, for samples. (default: testB beside trainB)",
    completion: .file())
  var testB: String?

  @Option(help: "Epochs at the full learning rate. (default: as many as --decay-epochs)")
  var epochs: Int?

  @Option(help: "Epochs while the learning rate falls. (default: as many as --epochs)")
  var decayEpochs: Int?

  @Option(help: "Steps in place of epochs; the learning rate falls over the second half.")
  var steps: Int?

  @Option(
    help: "Train for a time, as in 8h or 45min: as many steps as fit, measured at the start.",
    transform: TimeArgument.read)
  var time: TimeArgument?

  @Option(help: "Pixels per side of the crops that are learnt from.")
  var size: Int?

  @Option(
    help:
      "Pixels per side that pictures are scaled to before the crop. (default: 286/256 of --size)"
  )
  var loadSize: Int?

  @Option(
    help: ArgumentHelp(
      "A recipe, or a preset of one, that changes pictures before the crop.", valueName: "recipe"),
    completion: .file())
  var augment: String?

  @Flag(help: "Mirror no crops; by default every second one is, by chance.")
  var noFlip = false

  @Flag(help: "Scale the shorter side to --load-size, in place of both: shapes stay.")
  var keepShape = false

  @Flag(help: "Learn from what is there of broken pictures, such as those that are cut off.")
  var acceptDamaged = false

  @Flag(help: "Show discriminators pictures changed at random: for small data sets.")
  var diffAugment = false

  @Flag(help: "The same, as often as a discriminator is too sure of the pictures it learns from.")
  var adaptiveAugment = false

  @Option(help: "Pictures of each domain in a step. (default: 1)")
  var batch: Int?

  @Option(
    help: "resnet9, resnet6 or any resnet<blocks>; unet256, unet128.",
    transform: GeneratorArgument.read)
  var generator: GeneratorArgument?

  @Option(help: "Channels after a generator's first convolution.")
  var filters: Int?

  @Option(help: "How resolution is doubled; nearest avoids checkerboards. (default: transposed)")
  var upsampling: GeneratorDescription.Upsampling?

  @Option(help: "Channels after a discriminator's first convolution. (default: as a generator's)")
  var discriminatorFilters: Int?

  @Flag(help: "Divide the discriminators' filters by their largest singular value.")
  var spectralNorm = false

  @Option(help: "Weight of the cycle losses. (default: 10)")
  var lambdaCycle: Float?

  @Option(
    help: "Weight of the identity losses, as a share of --lambda-cycle; 0 for none. (default: 0.5)")
  var lambdaIdentity: Float?

  @Option(help: "What translations are judged by. (default: lsgan)")
  var ganLoss: AdversarialLoss?

  @Option(help: "Adam's learning rate at the start. (default: 0.0002)")
  var learningRate: Double?

  @Option(help: "How the learning rate goes. (default: flat-then-linear)")
  var schedule: ScheduleKind?

  @Option(
    help: "Steps that the model's weights are averaged over: calmer pictures. 0: the last step's.")
  var average: Int?

  @Option(help: "Past translations that each discriminator is shown again. (default: 50)")
  var pool: Int?

  @Option(help: "Another seed, another run. (default: 1)")
  var seed: UInt64?

  @Option(
    help: """
      A model file or a run folder whose generators are the start, in place of random weights; \
      they say their own architecture.
      """, completion: .file())
  var initialWeights: String?

  func validate() throws {
    // The size before the crop is computed of it before all options are looked at together.
    if let size { try Check.within(1...TrainingOptions.largestSize, size, "--size") }
    let lengths = [epochs != nil || decayEpochs != nil, steps != nil, time != nil]
    if lengths.filter({ $0 }).count > 1 {
      throw ValidationError("Give one of --epochs (with --decay-epochs), --steps and --time.")
    }
    if diffAugment && adaptiveAugment {
      throw ValidationError("Give one of --diff-augment and --adaptive-augment.")
    }
  }

  /// Puts what was given in place of what stands there.
  ///
  /// - Throws: `RecipeError`, or the reason why a recipe or a model cannot be read.
  func apply(to options: inout TrainingOptions) throws {
    if let names { (options.domainA.name, options.domainB.name) = (names.a, names.b) }
    if let testA { options.domainA.testFolder = testA }
    if let testB { options.domainB.testFolder = testB }
    applyLength(to: &options)
    if let size {
      options.size = size
      options.loadSize = TrainingOptions.loadSize(for: size)
    }
    if let loadSize { options.loadSize = loadSize }
    if let augment {
      options.augmentation = Recipe.json(try Recipe.load(augment, catalog: .complete))
    }
    if noFlip { options.flips = false }
    if keepShape { options.keepsShapes = true }
    if acceptDamaged { options.acceptsDamage = true }
    if diffAugment { options.discriminatorAugmentation = .always }
    if adaptiveAugment { options.discriminatorAugmentation = .adaptive }
    if let batch { options.batch = batch }
    if let initialWeights { try begin(with: initialWeights, &options) }
    if let generator {
      (options.generator.kind, options.generator.blocks) = (generator.kind, generator.blocks)
    }
    if let filters {
      options.generator.filters = filters
      options.discriminatorFilters = filters
    }
    if let upsampling { options.generator.upsampling = upsampling }
    if let discriminatorFilters { options.discriminatorFilters = discriminatorFilters }
    if spectralNorm { options.spectralNorm = true }
    if let lambdaCycle { options.lambdaCycle = lambdaCycle }
    if let lambdaIdentity { options.lambdaIdentity = lambdaIdentity }
    if let ganLoss { options.adversarialLoss = ganLoss }
    if let learningRate { options.learningRate = learningRate }
    if let schedule { options.schedule = schedule }
    if let average { options.average = average == 0 ? nil : average }
    if let pool { options.poolSize = pool }
    if let seed { options.seed = seed }
  }

  /// Whether options name the model that is to be the start.
  func beginsLike(_ options: TrainingOptions) -> Bool {
    guard let initialWeights, let known = options.initialWeights else { return false }
    return [initialWeights, RunFolder.modelPath(initialWeights)].contains(known)
  }

  /// Takes the generators of a model, whose architecture takes the place of the preset's.
  private func begin(with model: String, _ options: inout TrainingOptions) throws {
    if beginsLike(options) { return }
    let file = try ModelLocator().choose(model).file
    options.initialWeights = file
    options.generator = try ModelFile.read(file).description.generator
    options.discriminatorFilters = options.generator.filters
  }

  private func applyLength(to options: inout TrainingOptions) {
    if let flat = epochs ?? decayEpochs, let decaying = decayEpochs ?? epochs {
      options.length = .epochs(flat: flat, decaying: decaying)
    }
    if let steps { options.length = .steps(steps) }
    if let time { options.length = .time(seconds: time.seconds) }
  }
}

extension TrainingPreset: ExpressibleByArgument {}
extension AdversarialLoss: ExpressibleByArgument {}
extension ScheduleKind: ExpressibleByArgument {}
extension GeneratorDescription.Upsampling: ExpressibleByArgument {}
