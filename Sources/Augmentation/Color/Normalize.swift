import Images
import Tensors

/// Brings the levels of each picture to a common mean and spread, or to the full range.
///
/// Pictures stay in 8 bits; what a network takes is made of them afterwards (`Tensor(_:)`).
public struct Normalize: PixelOperation {
  /// What it does.
  public static let summary =
    "Brings the levels of each picture to a common mean and spread, or to the full range."
  /// What can be set.
  public static let options: [OperationOption<Self>] = [
    .choice(
      "method", \.method,
      "'meanAndDeviation' sets both; 'range' stretches the lowest and highest level to 0 and 255."),
    .flag("perChannel", \.perChannel, "Whether each colour is measured by itself."),
    .number("mean", \.mean, in: 0...1, "The mean afterwards, as a share of white."),
    .number(
      "deviation", \.deviation, in: 0...1,
      "The standard deviation afterwards, as a share of white."),
  ]

  /// What is made equal.
  public enum Method: String, Sendable, CaseIterable {
    /// Mean and standard deviation.
    case meanAndDeviation
    /// The lowest and the highest level.
    case range
  }

  /// What is made equal.
  public var method = Method.meanAndDeviation
  /// Whether each colour is measured by itself.
  public var perChannel = false
  /// The mean afterwards, as a share of white.
  public var mean: Float = 0.5
  /// The standard deviation afterwards, as a share of white.
  public var deviation: Float = 0.2
  /// How often it is applied, 0…1.
  public var probability: Float = 1

  /// Creates the operation, for mean and deviation.
  public init() {}

  /// Creates the operation.
  public init(
    method: Method, perChannel: Bool = false, mean: Float = 0.5, deviation: Float = 0.2,
    probability: Float = 1
  ) {
    self.method = method
    self.perChannel = perChannel
    self.mean = mean
    self.deviation = deviation
    self.probability = probability
    requireValid()
  }

  /// Changes the levels; pictures of one level only become the mean.
  public func changed(_ image: Image, by drawn: NothingDrawn) -> Image {
    var counts = Array(image.levelCounts().prefix(image.colors))
    if !perChannel {
      counts = [
        counts.dropFirst().reduce(counts[0]) { sums, more in zip(sums, more).map { $0 + $1 } }
      ]
    }
    return image.lookedUp(counts.map(table))
  }

  private func table(_ counts: [UInt32]) -> [UInt8] {
    switch method {
    case .range:
      let low = Float(counts.firstIndex { $0 > 0 } ?? 0)
      let high = Float(counts.lastIndex { $0 > 0 } ?? 255)
      return LevelTable.table { low == high ? $0 : 255 * ($0 - low) / (high - low) }
    case .meanAndDeviation:
      var count = 0.0, sum = 0.0, squares = 0.0
      for (level, pixels) in counts.enumerated() {
        count += Double(pixels)
        sum += Double(pixels) * Double(level)
        squares += Double(pixels) * Double(level * level)
      }
      let middle = sum / count
      let spread = max(squares / count - middle * middle, 0).squareRoot()
      let factor = spread > 0 ? 255 * deviation / Float(spread) : 0
      return LevelTable.table { ($0 - Float(middle)) * factor + 255 * mean }
    }
  }
}
