import Foundation

/// The lowest waves of lines of any length, and lines of their waves.
///
/// A sum over products of places and waves is a convolution with a chirp, which costs as much as
/// some transforms of a power of two: neither the number of waves nor the factors of the length
/// matter.
///
/// - SeeAlso: Bluestein, A linear filtering approach to the computation of discrete Fourier
///   transform, 1970.
struct WaveTransform {
  /// Numbers in a line.
  let length: Int
  /// The waves, in turns along the line.
  let waves: ClosedRange<Int>
  private let turns: Turns
  /// For each distance the turn by minus its square over the length, halved.
  private let chirp: Turns
  /// The transform of the chirp turned the other way.
  private let filter: Turns

  /// Prepares waves of up to so many turns, either way.
  init(length: Int, waves: Int) {
    precondition(length > 2 * waves, "\(waves) waves along \(length) pixels")
    self.length = length
    self.waves = -waves...waves
    var size = 1
    while size < length + 2 * waves { size *= 2 }
    turns = Turns((0..<max(size / 2, 1)).map { 2 * Double($0) / Double(size) })
    // Whole turns are left out before they cost digits.
    chirp = Turns((0..<length + waves).map { Double($0 * $0 % (2 * length)) / Double(length) })
    var lines = ComplexLines(length: size)
    for distance in 1 - length - waves...waves {
      let turn = chirp[abs(distance)], place = Self.place(distance, in: size)
      lines.set(place, line: 0, turn.real / Float(size), -turn.imaginary / Float(size))
    }
    lines.transform(by: turns)
    filter = Turns((0..<size).map { lines.number($0, line: 0) })
  }

  /// The waves of each row.
  func waves(of rows: ComplexMatrix) -> ComplexMatrix {
    sums(rows, from: 0...length - 1, to: waves, direction: 1)
  }

  /// The rows of waves: the sum of all of them, without a factor.
  ///
  /// - Parameter places: Which waves the columns are.
  func rows(of spectrum: ComplexMatrix, _ places: ClosedRange<Int>) -> ComplexMatrix {
    sums(spectrum, from: places, to: 0...length - 1, direction: -1)
  }

  /// Sums over products of places in a row and in the result, clockwise or the other way.
  private func sums(
    _ rows: ComplexMatrix, from places: ClosedRange<Int>, to results: ClosedRange<Int>,
    direction: Int
  ) -> ComplexMatrix {
    precondition(rows.columns == places.count, "\(rows.columns) columns for \(places.count)")
    let size = filter.count, sign = Float(direction)
    var result = ComplexMatrix(rows: rows.rows, columns: results.count)
    var lines = ComplexLines(length: size)
    for first in stride(from: 0, to: rows.rows, by: ComplexLines.count) {
      let count = min(ComplexLines.count, rows.rows - first)
      lines.clear()
      for (column, place) in places.enumerated() {
        let turn = chirp[abs(place)], target = Self.place(direction * place, in: size)
        for line in 0..<count {
          let at = (first + line) * rows.columns + column
          let (x, y) = (rows.real[at], sign * rows.imaginary[at])
          lines.set(
            target, line: line, x * turn.real - y * turn.imaginary,
            x * turn.imaginary + y * turn.real)
        }
      }
      lines.transform(by: turns)
      lines.multiply(by: filter)
      lines.transformBack(by: turns)
      for (column, place) in results.enumerated() {
        let turn = chirp[abs(place)], source = Self.place(direction * place, in: size)
        for line in 0..<count {
          let (x, y) = lines.number(source, line: line)
          let at = (first + line) * results.count + column
          result.real[at] = x * turn.real - y * turn.imaginary
          result.imaginary[at] = sign * (x * turn.imaginary + y * turn.real)
        }
      }
    }
    return result
  }

  private static func place(_ number: Int, in size: Int) -> Int {
    number < 0 ? number + size : number
  }
}

/// Complex numbers, most of them of length 1.
struct Turns {
  let real: [Float]
  let imaginary: [Float]

  /// Clockwise turns by halves of a full one.
  init(_ halves: [Double]) {
    real = halves.map { Float(cos(.pi * $0)) }
    imaginary = halves.map { Float(-sin(.pi * $0)) }
  }

  init(_ numbers: [(Float, Float)]) {
    real = numbers.map(\.0)
    imaginary = numbers.map(\.1)
  }

  var count: Int { real.count }

  subscript(index: Int) -> (real: Float, imaginary: Float) { (real[index], imaginary[index]) }
}

/// Complex numbers in rows and columns.
struct ComplexMatrix {
  let rows: Int
  let columns: Int
  /// Row by row.
  var real: [Float]
  var imaginary: [Float]

  /// Zeros.
  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    real = [Float](repeating: 0, count: rows * columns)
    imaginary = real
  }

  /// Rows and columns swapped.
  var transposed: ComplexMatrix {
    var result = ComplexMatrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns {
        result.real[column * rows + row] = real[row * columns + column]
        result.imaginary[column * rows + row] = imaginary[row * columns + column]
      }
    }
    return result
  }
}
