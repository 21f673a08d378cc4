import Checkpoints
import ConvolutionCore
import GANs
import ImageDatasets
import Layers
import Tensors

/// A classifier of a data set, and what it makes of pictures that it has not learnt from.
public struct SampleJudge {
  /// The names of the classes.
  public let labels: [String]
  /// The share of held-out pictures that it names rightly, 0…1.
  public let accuracy: Double
  /// The Fréchet distance between pictures that it has learnt from and held-out ones, in its
  /// features: what samples can hope for.
  public let realFrechetDistance: Double

  private let classifier: PictureClassifier
  private let heldOut: FeatureStatistics
  private let backend: any Backend

  /// Lets a classifier look at both parts of its data set.
  public init(
    _ classifier: PictureClassifier, data: LabelledPictures.Parts, on backend: any Backend
  ) {
    let readings = classifier.read(data.test, on: backend)
    self.classifier = classifier
    self.backend = backend
    labels = data.training.labels
    accuracy = PictureClassifier.accuracy(readings, of: data.test)
    heldOut = FeatureStatistics(of: readings.map(\.features))
    // As many of the others: more would only take longer.
    var random = SeededRandom(seed: 1, purpose: "real pictures")
    let some = random.permutation(of: data.training.count).prefix(max(data.test.count, 2))
    realFrechetDistance = FeatureStatistics(
      of: classifier.read(data.training.subset(some), on: backend).map(\.features)
    ).frechetDistance(to: heldOut)
  }

  /// Scores samples of the classifier's size and channels.
  ///
  /// - Throws: `ScoringError` if they are too few, or stand under labels that the data do not have.
  public func score(_ samples: LabelledPictures) throws(ScoringError) -> SampleScore {
    guard samples.count >= 2 else { throw .tooFewSamples(samples.count) }
    var places: [Int] = []
    for label in samples.labels where samples.labels != [""] {
      guard let place = labels.firstIndex(of: label) else {
        throw .unknownLabel(label, known: labels)
      }
      places.append(place)
    }
    let asked = places.isEmpty ? nil : (0..<samples.count).map { places[samples.label(of: $0)] }
    return SampleScore(
      of: classifier.read(samples, on: backend), labels: asked, classes: labels.count,
      heldOut: heldOut)
  }
}

/// Samples or data that cannot be scored, and what to do about it.
public enum ScoringError: Error, Equatable, CustomStringConvertible {
  /// One sample has no spread.
  case tooFewSamples(Int)
  /// Samples stand under a label that is none of the data's.
  case unknownLabel(String, known: [String])
  /// The data have no labels that a classifier could learn.
  case noLabels(String)
  /// The classifier has learnt from other pictures.
  case otherPictures(judge: String)
  /// Pictures are too small for a classifier.
  case tooSmall(Int)

  /// What was found and the remedy, in a line.
  public var description: String {
    switch self {
    case .tooFewSamples(let count): "\(count) sample is too few to score. Give some hundreds."
    case .unknownLabel(let label, let known):
      "Samples stand under the label '\(label)', and the data have \(known.joined(separator: ", "))."
        + " Name their folders as the data's."
    case .noLabels(let source):
      "\(source) has no labels. Scores need a folder of pictures for each class, or IDX files."
    case .otherPictures(let judge):
      "\(judge) has learnt from other pictures than these. Remove it, or name another with --judge."
    case .tooSmall(let size):
      "Pictures of \(size)×\(size) are too small to score. Use 8×8 pixels or more."
    }
  }
}

extension ClassifierFile {
  /// Keeps a trained classifier, and what its pictures were.
  public init(_ classifier: PictureClassifier, data: LabelledPictures.Parts, accuracy: Double) {
    self.init(
      description: Description(
        classifier: classifier.description, labels: data.training.labels,
        pictures: data.training.checksum, accuracy: accuracy),
      parameters: classifier.values)
  }

  /// The classifier, if it is one of these data.
  ///
  /// - Throws: `ScoringError` if it is not, `ParameterMismatch` if its weights do not fit.
  public func classifier(of data: LabelledPictures.Parts, file: String) throws
    -> PictureClassifier
  {
    guard description.pictures == data.training.checksum else {
      throw ScoringError.otherPictures(judge: file)
    }
    let classifier = PictureClassifier(description.classifier)
    try classifier.load(parameters)
    return classifier
  }
}
