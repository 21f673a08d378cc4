/// A symmetric matrix in double precision.
public struct SymmetricMatrix: Sendable, Equatable {
  /// Rows, and columns.
  public let size: Int
  /// All elements, row by row.
  private var elements: [Double]

  /// Creates a matrix of zeros.
  public init(zeros size: Int) {
    precondition(size > 0, "a matrix of \(size) rows")
    self.size = size
    elements = [Double](repeating: 0, count: size * size)
  }

  /// Creates a matrix from its diagonal, zeros elsewhere.
  public init(diagonal: [Double]) {
    self.init(zeros: diagonal.count)
    for (index, value) in diagonal.enumerated() { self[index, index] = value }
  }

  /// An element; setting it sets its mirror image too.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * size + column] }
    set {
      elements[row * size + column] = newValue
      elements[column * size + row] = newValue
    }
  }

  /// The sum of the diagonal.
  public var trace: Double { (0..<size).reduce(0) { $0 + self[$1, $1] } }

  /// Each element times a number.
  public func scaled(by factor: Double) -> SymmetricMatrix {
    var result = self
    for index in elements.indices { result.elements[index] *= factor }
    return result
  }

  /// The eigenvalues, in no order.
  public func eigenvalues() -> [Double] { decomposed().values }

  /// The symmetric matrix whose square this is; of negative eigenvalues, as rounding makes them of
  /// zeros, it takes zero.
  public func squareRoot() -> SymmetricMatrix {
    let (values, vectors) = decomposed()
    let roots = values.map { max($0, 0).squareRoot() }
    var result = SymmetricMatrix(zeros: size)
    for row in 0..<size {
      for column in 0...row {
        var sum = 0.0
        for index in 0..<size {
          sum += vectors[row * size + index] * roots[index] * vectors[column * size + index]
        }
        result[row, column] = sum
      }
    }
    return result
  }

  /// outer · self · outer.
  func between(_ outer: SymmetricMatrix) -> SymmetricMatrix {
    let half = Self.product(outer.elements, elements, size)
    let whole = Self.product(half, outer.elements, size)
    var result = SymmetricMatrix(zeros: size)
    for row in 0..<size {
      for column in 0...row {
        result[row, column] = (whole[row * size + column] + whole[column * size + row]) / 2
      }
    }
    return result
  }

  private static func product(_ a: [Double], _ b: [Double], _ size: Int) -> [Double] {
    var result = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for inner in 0..<size {
        let factor = a[row * size + inner]
        for column in 0..<size {
          result[row * size + column] += factor * b[inner * size + column]
        }
      }
    }
    return result
  }

  /// Eigenvalues and, column by column, eigenvectors, by Jacobi's rotations.
  ///
  /// - SeeAlso: Golub and Van Loan, Matrix Computations, 8.5.
  private func decomposed() -> (values: [Double], vectors: [Double]) {
    var matrix = elements
    var vectors = SymmetricMatrix(diagonal: [Double](repeating: 1, count: size)).elements
    let total = elements.reduce(0) { $0 + $1 * $1 }
    // Convergence is quadratic: a dozen sweeps are more than any matrix has been seen to need.
    for _ in 0..<60 {
      var outside = 0.0
      for row in 0..<size {
        for column in 0..<row {
          outside += matrix[row * size + column] * matrix[row * size + column]
        }
      }
      if outside <= 1e-30 * total { break }
      for p in 0..<size {
        for q in p + 1..<max(size, p + 1) { Self.rotate(&matrix, &vectors, p, q, size) }
      }
    }
    return ((0..<size).map { matrix[$0 * size + $0] }, vectors)
  }

  /// Turns the plane of two axes so that the element between them vanishes.
  private static func rotate(
    _ matrix: inout [Double], _ vectors: inout [Double], _ p: Int, _ q: Int, _ size: Int
  ) {
    let element = matrix[p * size + q]
    guard element != 0 else { return }
    let theta = (matrix[q * size + q] - matrix[p * size + p]) / (2 * element)
    let tangent = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot(), sine = tangent * cosine
    for index in 0..<size {
      let a = matrix[index * size + p], b = matrix[index * size + q]
      matrix[index * size + p] = cosine * a - sine * b
      matrix[index * size + q] = sine * a + cosine * b
    }
    for index in 0..<size {
      let a = matrix[p * size + index], b = matrix[q * size + index]
      matrix[p * size + index] = cosine * a - sine * b
      matrix[q * size + index] = sine * a + cosine * b
      let (u, v) = (vectors[index * size + p], vectors[index * size + q])
      vectors[index * size + p] = cosine * u - sine * v
      vectors[index * size + q] = sine * u + cosine * v
    }
  }
}
