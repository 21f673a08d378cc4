import Checkpoints

extension AdversarialModel {
  /// The first GAN: perceptrons on both sides, cross-entropy, the non-saturating loss.
  ///
  /// Today's choices take the place of those that have not stood the test: Adam for momentum
  /// descent, ReLU for maxout.
  /// - SeeAlso: Goodfellow et al., arXiv:1406.2661.
  static func vanilla(_ sample: SampleShape) -> AdversarialModel {
    // Points of the plane are made of as many numbers as they have, as is customary.
    AdversarialModel(
      generator: SamplerDescription(
        kind: .perceptron, sample: sample, latent: sample.isPoint ? 2 : 100,
        noise: sample.isPoint ? .normal : .uniform, width: sample.isPoint ? 128 : 512,
        layers: sample.isPoint ? 3 : 2, norm: .none),
      discriminator: CriticDescription(
        kind: .perceptron, sample: sample, width: sample.isPoint ? 128 : 512,
        layers: sample.isPoint ? 3 : 2, norm: .none, dropout: sample.isPoint ? 0 : 0.3),
      options: AdversarialOptions(loss: .vanilla))
  }
}
