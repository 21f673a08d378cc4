import GANs
import Glibc
import ImageDatasets

/// How good samples are, in the eyes of a classifier of the data.
public struct SampleScore: Sendable, Equatable {
  /// Samples that were looked at.
  public let samples: Int
  /// The share of samples that carry the label they stand under, 0…1; nil where they have none.
  public let labelAccuracy: Double?
  /// The share of samples that are taken for each class, in the order of the labels.
  public let shares: [Double]
  /// The Fréchet distance between samples and held-out data in the classifier's features.
  public let frechetDistance: Double

  /// Sums up what a classifier read.
  ///
  /// - Parameters:
  ///   - readings: Of all samples, at least two.
  ///   - labels: The classes that the samples were asked for; nil where they were not.
  ///   - classes: Classes of the data.
  ///   - heldOut: Features of held-out data.
  public init(
    of readings: [PictureClassifier.Reading], labels: [Int]?, classes: Int,
    heldOut: FeatureStatistics
  ) {
    samples = readings.count
    labelAccuracy = labels.map { labels in
      let right = zip(readings, labels).count { $0.label == $1 }
      return Double(right) / Double(readings.count)
    }
    var counts = [Int](repeating: 0, count: classes)
    for reading in readings { counts[reading.label] += 1 }
    shares = counts.map { Double($0) / Double(readings.count) }
    frechetDistance = FeatureStatistics(of: readings.map(\.features))
      .frechetDistance(to: heldOut)
  }

  /// Classes of the data.
  public var classes: Int { shares.count }
  /// Classes that at least a tenth of their even share of samples are taken for.
  public var covered: Int { shares.count { $0 * Double(10 * classes) >= 1 } }
  /// The entropy of the classes that samples are taken for, in bits.
  public var entropy: Double { shares.reduce(0) { $0 - ($1 > 0 ? $1 * log2($1) : 0) } }
  /// The entropy of an even distribution, in bits.
  public var greatestEntropy: Double { log2(Double(classes)) }
}
