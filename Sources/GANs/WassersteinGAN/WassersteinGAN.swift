import Layers

extension AdversarialModel {
  /// The same networks in another game: a critic of clipped weights, brought close to its best in
  /// five turns for each of the generator's, by RMSProp.
  ///
  /// - SeeAlso: Arjovsky et al., arXiv:1701.07875.
  var wgan: AdversarialModel {
    var model = self
    model.discriminator.dropout = 0
    model.options = AdversarialOptions(
      loss: .wasserstein, criticSteps: 5, constraint: .clipping(0.01),
      optimizer: .rmsProp(decay: 0.99), learningRate: 5e-5)
    return model
  }

  /// The same networks in another game: a critic whose slope is kept near 1 by a penalty.
  ///
  /// Layer norm takes the place of batch norm in it, which would tie its pictures together. Points
  /// have a smaller factor, as in the paper's own experiments with them, and a larger rate.
  /// - SeeAlso: Gulrajani et al., arXiv:1704.00028.
  var wganGP: AdversarialModel {
    var model = self
    model.discriminator.dropout = 0
    if model.discriminator.norm == .batch { model.discriminator.norm = .layer }
    let isPoint = model.generator.sample.isPoint
    model.options = AdversarialOptions(
      loss: .wasserstein, criticSteps: 5, constraint: .gradientPenalty(isPoint ? 1 : 10),
      optimizer: .adam(beta1: 0, beta2: 0.9), learningRate: isPoint ? 1e-3 : 1e-4)
    return model
  }
}
