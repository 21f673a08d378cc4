/// Mean and covariance of feature vectors: a Gaussian in their place.
public struct FeatureStatistics: Sendable, Equatable {
  /// The mean of each feature.
  public let mean: [Double]
  /// The unbiased covariances.
  public let covariance: SymmetricMatrix
  /// How many vectors were measured.
  public let count: Int

  /// Measures vectors of one length, at least two of them.
  public init(of vectors: [[Float]]) {
    precondition(vectors.count >= 2, "the covariance of \(vectors.count) vectors")
    let size = vectors[0].count
    var mean = [Double](repeating: 0, count: size)
    for vector in vectors {
      precondition(vector.count == size, "vectors of \(vector.count) and \(size) features")
      for index in 0..<size { mean[index] += Double(vector[index]) }
    }
    for index in 0..<size { mean[index] /= Double(vectors.count) }
    var covariance = SymmetricMatrix(zeros: size)
    for vector in vectors {
      let centred = zip(vector, mean).map { Double($0) - $1 }
      for row in 0..<size {
        for column in 0...row { covariance[row, column] += centred[row] * centred[column] }
      }
    }
    self.init(
      mean: mean, covariance: covariance.scaled(by: 1 / Double(vectors.count - 1)),
      count: vectors.count)
  }

  /// Takes what is known of a Gaussian.
  public init(mean: [Double], covariance: SymmetricMatrix, count: Int) {
    precondition(mean.count == covariance.size, "\(mean.count) means, \(covariance.size) rows")
    self.mean = mean
    self.covariance = covariance
    self.count = count
  }

  /// The Fréchet distance between two Gaussians, squared, as the field gives it:
  /// |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2·(Σ₁Σ₂)^½).
  ///
  /// Its unit is that of the features, so numbers compare only in the features of one network;
  /// that of the Inception network would be the Fréchet Inception Distance, which this is not.
  /// - SeeAlso: Dowson and Landau, Journal of Multivariate Analysis 12(3), 1982; Heusel et al.,
  ///   arXiv:1706.08500.
  public func frechetDistance(to other: FeatureStatistics) -> Double {
    let between = zip(mean, other.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    // (Σ₁Σ₂)^½ and (Σ₁^½ Σ₂ Σ₁^½)^½ have one trace, and the latter is symmetric.
    let root = covariance.squareRoot()
    let inner = other.covariance.between(root)
    let traceOfRoot = inner.eigenvalues().reduce(0) { $0 + max($1, 0).squareRoot() }
    let distance = between + covariance.trace + other.covariance.trace - 2 * traceOfRoot
    // Rounding may leave less than nothing; what is no number stays none.
    return distance < 0 ? 0 : distance
  }
}
