import Checkpoints

extension AdversarialModel {
  /// Strided and transposed convolutions, batch norm on both sides, nothing else.
  ///
  /// - SeeAlso: Radford et al., arXiv:1511.06434.
  static func dcgan(_ sample: SampleShape) -> AdversarialModel {
    AdversarialModel(
      generator: SamplerDescription(sample: sample),
      discriminator: CriticDescription(sample: sample),
      options: AdversarialOptions(loss: .vanilla))
  }
}
