import Checkpoints
import ConvolutionCore
import GANs
import ImageDatasets
import Training

/// A run of tiny networks on drawn digits, or on points.
struct SmallGANRun {
  let options: GANTrainingOptions
  let samples: SampleSource
  let folder: String

  init(
    _ family: GANFamily, in folder: String, name: String = "run", source: String = "digits",
    steps: Int = 6, _ change: (inout GANTrainingOptions) -> Void = { _ in }
  ) throws {
    samples =
      source == "digits"
      ? .pictures(.digits(count: 30, seed: 3, size: 8)) : try SampleSource(opening: source)
    var options = GANTrainingOptions(family, source: .init(source), samples: samples)
    options.length = .steps(steps)
    // A batch that does not divide the pictures.
    options.batch = 7
    options.average = 3
    for width in [\AdversarialModel.generator.width, \.discriminator.width] {
      options.model[keyPath: width] = 4
    }
    options.model.generator.latent = 5
    options.model.options.criticSteps = min(2, options.model.options.criticSteps)
    change(&options)
    self.options = options
    self.folder = "\(folder)/\(name)"
  }

  func trainer(
    resuming: Bool = false, pace: TrainingPace = .init(save: .never, sample: .never)
  ) throws -> GANTrainer {
    try GANTrainer(
      options, samples: samples, in: folder, resuming: resuming, on: CPUBackend(threads: 1),
      pace: pace)
  }
}
