import Checkpoints

extension AdversarialModel {
  /// The first GAN with the label in both networks; convolutional if asked to be.
  ///
  /// - SeeAlso: Mirza and Osindero, arXiv:1411.1784.
  static func conditional(
    _ sample: SampleShape, kind: SamplerDescription.Kind = .perceptron
  ) -> AdversarialModel {
    kind == .perceptron ? .vanilla(sample) : .dcgan(sample)
  }
}
