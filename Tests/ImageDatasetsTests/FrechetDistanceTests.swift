import ImageDatasets
import Tensors
import Testing

@Suite("The Fréchet distance")
struct FrechetDistanceTests {
  private func gaussian(_ mean: [Double], _ covariance: SymmetricMatrix) -> FeatureStatistics {
    FeatureStatistics(mean: mean, covariance: covariance, count: 100)
  }

  private func matrix(_ a: Double, _ b: Double, _ d: Double) -> SymmetricMatrix {
    var matrix = SymmetricMatrix(diagonal: [a, d])
    matrix[0, 1] = b
    return matrix
  }

  /// A·Aᵀ of a random A: symmetric, nothing negative; of lower rank with fewer columns.
  private func positive(_ size: Int, columns: Int, seed: UInt64) -> SymmetricMatrix {
    var random = SeededRandom(seed: seed)
    let a = (0..<size * columns).map { _ in Double(random.normal()) }
    var result = SymmetricMatrix(zeros: size)
    for row in 0..<size {
      for column in 0...row {
        result[row, column] = (0..<columns).reduce(0) {
          $0 + a[row * columns + $1] * a[column * columns + $1]
        }
      }
    }
    return result
  }

  @Test("In one dimension it is (μ₁ − μ₂)² + (σ₁ − σ₂)²")
  func line() {
    let distance = gaussian([1], .init(diagonal: [9]))
      .frechetDistance(to: gaussian([5], .init(diagonal: [4])))
    #expect(abs(distance - 17) < 1e-12)
  }

  @Test("Of what is no number it is none, and never perfect")
  func notANumber() {
    let broken = gaussian([.nan], .init(diagonal: [1]))
    #expect(broken.frechetDistance(to: broken).isNaN)
  }

  @Test("With diagonal covariances the dimensions add up")
  func diagonal() {
    let distance = gaussian([0, 1, 2], .init(diagonal: [1, 4, 0]))
      .frechetDistance(to: gaussian([0, 0, 0], .init(diagonal: [4, 9, 25])))
    #expect(abs(distance - (0 + 1 + 4 + 1 + 1 + 25)) < 1e-12)
  }

  /// For two rows the trace of a root is known: (tr M + 2·√det M)^½, for M = Σ₁Σ₂.
  @Test("Covariances that do not commute agree with the closed form for two dimensions")
  func plane() {
    let (a, b) = (matrix(2, 0.7, 1), matrix(0.5, -0.4, 3))
    let traceOfProduct = 2 * 0.5 + 2 * 0.7 * -0.4 + 1 * 3
    let determinant = (2 * 1 - 0.49) * (0.5 * 3 - 0.16)
    let root = (traceOfProduct + 2 * determinant.squareRoot()).squareRoot()
    let distance = gaussian([0, 0], a).frechetDistance(to: gaussian([3, 4], b))
    #expect(abs(distance - (25 + 3 + 3.5 - 2 * root)) < 1e-12)
  }

  @Test("It is symmetric, and nothing between equal statistics", arguments: [3, 64])
  func symmetry(size: Int) {
    let mean = [Double](repeating: 1, count: size)
    let a = gaussian(mean, positive(size, columns: size, seed: 1))
    let b = gaussian(mean.map { 2 * $0 }, positive(size, columns: size / 2, seed: 2))
    let (there, back) = (a.frechetDistance(to: b), b.frechetDistance(to: a))
    #expect(abs(there - back) < 1e-6 * there)
    #expect(a.frechetDistance(to: a) < 1e-9 * a.covariance.trace)
    #expect(b.frechetDistance(to: b) < 1e-6 * b.covariance.trace)
  }

  @Test("The root of a matrix, squared, is the matrix, also of one without full rank")
  func roots() {
    for columns in [20, 7] {
      let matrix = positive(20, columns: columns, seed: 3), root = matrix.squareRoot()
      for row in 0..<20 {
        for column in 0..<20 {
          let square = (0..<20).reduce(0) { $0 + root[row, $1] * root[$1, column] }
          #expect(abs(square - matrix[row, column]) < 1e-10)
        }
      }
    }
  }

  @Test("Statistics of vectors are mean and unbiased covariance")
  func statistics() {
    let statistics = FeatureStatistics(of: [[1, 2], [3, 2], [5, 8]])
    #expect(statistics.mean == [3, 4] && statistics.count == 3)
    #expect(statistics.covariance == matrix(4, 6, 12))
  }
}
