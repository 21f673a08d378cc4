import Autograd
import Checkpoints
import ConvolutionCore
import GANs
import ImageDatasets
import Layers
import Tensors

/// Trains a classifier of pictures, in one go: it takes minutes.
public struct ClassifierTraining: Sendable {
  /// Steps; the learning rate goes to 0 over them, by half a cosine wave.
  public var steps = 3000
  /// Pictures in a step.
  public var batch = 100
  /// Adam's learning rate at the start.
  public var learningRate = 1e-3
  /// The seed of all randomness.
  public var seed: UInt64 = 1

  /// Chooses what has proved well for pictures of 28 × 28 in ten classes.
  public init() {}

  /// Trains a classifier.
  ///
  /// - Parameters:
  ///   - pictures: What it learns from; at least two classes.
  ///   - backend: The device that computes.
  ///   - progress: Told the steps done, and the mean loss over the last few.
  public func train(
    on pictures: LabelledPictures, backend: any Backend,
    progress: (_ step: Int, _ loss: Float) -> Void = { _, _ in }
  ) -> PictureClassifier {
    precondition(pictures.width == pictures.height, "pictures that are not square")
    let classifier = PictureClassifier(
      ClassifierDescription(
        size: pictures.width, channels: pictures.channels, classes: pictures.labels.count))
    classifier.initialize(seed: seed, name: "classifier", gain: nil)
    let adam = Adam(classifier.parameters, .init(beta1: 0.9), on: backend)
    let schedule = LearningRateSchedule.cosine(epochs: steps)
    var order = SampleOrder(.pictures(pictures), seed: seed)
    var shown: Float?
    for step in 1...max(steps, 1) {
      let (real, labels) = order.batch(turn: step - 1, count: batch)
      let tape = Tape(
        training: backend, random: SeededRandom(seed: seed, index: step, purpose: "classifier"))
      let loss = PictureClassifier.loss(
        classifier(tape.constant(real)), labels: labels)
      tape.accumulateGradients(of: loss, into: classifier.parameters)
      adam.step(learningRate: learningRate * schedule.factor(epoch: step))
      let value = loss.value.scalar
      shown = shown.map { 0.95 * $0 + 0.05 * value } ?? value
      progress(step, shown ?? value)
    }
    return classifier
  }
}

extension PictureClassifier {
  /// Reads all pictures of a set, in order.
  public func read(_ pictures: LabelledPictures, on backend: any Backend) -> [Reading] {
    stride(from: 0, to: pictures.count, by: 200).flatMap { start in
      read(pictures.batch(start..<min(start + 200, pictures.count)), on: backend)
    }
  }

  /// The share of readings that agree with the labels, 0…1.
  public static func accuracy(_ readings: [Reading], of pictures: LabelledPictures) -> Double {
    let right = readings.indices.count { readings[$0].label == pictures.label(of: $0) }
    return Double(right) / Double(max(readings.count, 1))
  }
}
