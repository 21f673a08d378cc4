import ArgumentParser
import CycleGANKit

/// What `cyclegan gan train` can be told about a run; what is not given comes from the family.
struct GANTrainArguments: ParsableArguments {
  @Option(help: "What to train. (default: dcgan)")
  var family: GANFamily?

  @Option(help: "The kind of both networks: perceptron or convolutional.")
  var network: SamplerDescription.Kind?

  @Option(help: "Pixels per side. (default: what the files have; 28 for digits, 64 for folders)")
  var size: Int?

  @Option(help: "1 for grey, 3 for colour. (default: what the pictures have)")
  var channels: Int?

  @Option(help: "Steps of the generator; a step shows the discriminator a batch or more.")
  var steps: Int?

  @Option(
    help: "Train for a time, as in 15min: as many steps as fit, measured at the start.",
    transform: TimeArgument.read)
  var time: TimeArgument?

  @Option(help: "Samples in a turn of the discriminator.")
  var batch: Int?

  @Option(help: "Numbers of noise that a sample is made of. (default: 100; 2 for points)")
  var latent: Int?

  @Option(help: "Where they come from: normal or uniform.")
  var noise: SamplerDescription.Noise?

  @Option(help: "A perceptron's hidden units, or channels next to the picture, of both networks.")
  var width: Int?

  @Option(help: "The same, for the discriminator.")
  var criticWidth: Int?

  @Option(help: "Hidden layers of perceptrons.")
  var layers: Int?

  @Option(help: "The generator's norm: none, batch, instance or layer.")
  var norm: SamplerDescription.Norm?

  @Option(help: "The discriminator's norm.")
  var criticNorm: SamplerDescription.Norm?

  @Flag(help: "Divide the discriminator's weights by their largest singular value.")
  var spectralNorm = false

  @Option(help: "The probability that a discriminating perceptron's unit is dropped.")
  var dropout: Float?

  @Option(help: "Trained numbers that stand for a label. (default: a 1 among zeros)")
  var embedding: Int?

  @Option(help: "What the two play for; wasserstein needs --penalty, --clip or --spectral-norm.")
  var ganLoss: AdversarialLoss?

  @Option(help: "By how much less than surely real pictures are called real, as in 0.1.")
  var smoothing: Float?

  @Option(help: "The discriminator's turns in a step.")
  var criticSteps: Int?

  @Option(help: "Clip the discriminator's weights to so much; 0 for not.")
  var clip: Float?

  @Option(help: "Penalise the discriminator's slope with this factor; 0 for not.")
  var penalty: Float?

  @Option(help: "The learning rate of both networks at the start.")
  var learningRate: Double?

  @Option(help: "The same, for the discriminator.")
  var criticLearningRate: Double?

  @Option(help: "How the learning rates go. (default: constant; cosine for points)")
  var schedule: ScheduleKind?

  @Option(help: "Steps that the model's weights are averaged over. (default: 0, the last step's)")
  var average: Int?

  @Option(help: "Another seed, another run. (default: 1)")
  var seed: UInt64?

  func validate() throws {
    if steps != nil && time != nil { throw ValidationError("Give one of --steps and --time.") }
    if clip ?? 0 > 0 && penalty ?? 0 > 0 {
      throw ValidationError("Give one of --clip and --penalty.")
    }
    if let size { try Check.within(4...GANTrainingOptions.largestSize, size, "--size") }
    if let clip { try Check.within(0...1e6, clip, "--clip") }
    if let penalty { try Check.within(0...1e6, penalty, "--penalty") }
    if let channels, channels != 1 && channels != 3 {
      throw ValidationError("--channels \(channels): 1 for grey or 3 for colour.")
    }
  }

  /// Where the samples come from: the size of a run that goes on stays.
  func source(_ name: String, after saved: GANTrainingOptions?) -> GANTrainingOptions.Source {
    .init(name, size: size ?? saved?.source.size, channels: channels ?? saved?.source.channels)
  }

  /// Puts what was given in place of what stands there.
  func apply(to options: inout GANTrainingOptions) {
    if let steps { options.length = .steps(steps) }
    if let time { options.length = .time(seconds: time.seconds) }
    if let batch { options.batch = batch }
    if let schedule { options.schedule = schedule }
    if let average { options.average = average == 0 ? nil : average }
    if let seed { options.seed = seed }
    apply(toNetworks: &options.model)
    apply(toGame: &options.model.options)
  }

  /// Refuses what would change nothing.
  func refuseUseless(_ model: AdversarialModel) throws {
    let isPerceptron = model.discriminator.kind == .perceptron
    if layers != nil, !isPerceptron, model.generator.kind != .perceptron {
      throw ValidationError("--layers is for perceptrons: --network perceptron.")
    }
    if dropout != nil, !isPerceptron {
      throw ValidationError("--dropout is for perceptrons: --network perceptron.")
    }
    if embedding != nil, model.generator.classes == 0 {
      throw ValidationError("--embedding is for labels: --family conditional.")
    }
  }

  private func apply(toNetworks model: inout AdversarialModel) {
    if let network { (model.generator.kind, model.discriminator.kind) = (network, network) }
    if let latent { model.generator.latent = latent }
    if let noise { model.generator.noise = noise }
    if let width { (model.generator.width, model.discriminator.width) = (width, width) }
    if let criticWidth { model.discriminator.width = criticWidth }
    if let layers { (model.generator.layers, model.discriminator.layers) = (layers, layers) }
    if let norm { model.generator.norm = norm }
    if let criticNorm { model.discriminator.norm = criticNorm }
    if spectralNorm { model.discriminator.isSpectral = true }
    if let dropout { model.discriminator.dropout = dropout }
    if let embedding {
      (model.generator.embedding, model.discriminator.embedding) = (embedding, embedding)
    }
  }

  private func apply(toGame game: inout AdversarialOptions) {
    if let ganLoss { game.loss = ganLoss }
    if let smoothing { game.smoothing = smoothing }
    if let criticSteps { game.criticSteps = criticSteps }
    if let limit = clip { game.constraint = limit > 0 ? .clipping(limit) : .none }
    if let factor = penalty { game.constraint = factor > 0 ? .gradientPenalty(factor) : .none }
    if let learningRate {
      (game.learningRate, game.criticLearningRate) = (learningRate, learningRate)
    }
    if let criticLearningRate { game.criticLearningRate = criticLearningRate }
  }
}

extension GANFamily: ExpressibleByArgument {}
extension SamplerDescription.Kind: ExpressibleByArgument {}
extension SamplerDescription.Noise: ExpressibleByArgument {}
extension SamplerDescription.Norm: ExpressibleByArgument {}
