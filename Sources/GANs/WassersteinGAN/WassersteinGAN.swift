import Checkpoints
import Layers

extension AdversarialModel {
  /// A critic of clipped weights, brought close to its best in five steps for each of the
  /// generator's, by RMSProp.
  ///
  /// - SeeAlso: Arjovsky et al., arXiv:1701.07875.
  static func wgan(_ sample: SampleShape) -> AdversarialModel {
    var model = sample.isPoint ? AdversarialModel.vanilla(sample) : .dcgan(sample)
    model.options = AdversarialOptions(
      loss: .wasserstein, criticSteps: 5, constraint: .clipping(0.01),
      optimizer: .rmsProp(decay: 0.99), learningRate: 5e-5)
    return model
  }

  /// A critic whose slope is kept near 1 by a penalty; layer norm in it, since a norm over the batch
  /// would tie its pictures together.
  ///
  /// - SeeAlso: Gulrajani et al., arXiv:1704.00028.
  static func wganGP(_ sample: SampleShape) -> AdversarialModel {
    var model = sample.isPoint ? AdversarialModel.vanilla(sample) : .dcgan(sample)
    model.discriminator.norm = sample.isPoint ? .none : .layer
    model.options = AdversarialOptions(
      loss: .wasserstein, criticSteps: 5, constraint: .gradientPenalty(10),
      optimizer: .adam(beta1: 0, beta2: 0.9), learningRate: 1e-4)
    return model
  }
}
