import Images

/// Numbers in rows and columns.
struct Matrix {
  let rows: Int
  let columns: Int
  /// Row by row.
  var values: [Float]

  init(rows: Int, columns: Int, values: [Float]) {
    precondition(values.count == rows * columns, "\(values.count) values for \(rows)×\(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// The levels of a channel.
  init(_ image: Image, channel: Int) {
    self.init(
      rows: image.height, columns: image.width,
      values: (0..<image.width * image.height).map {
        Float(image.samples[$0 * image.channels + channel])
      })
  }

  /// Rows and columns swapped.
  var transposed: Matrix {
    Matrix(
      rows: columns, columns: rows,
      values: (0..<columns).flatMap { column in
        (0..<rows).map { values[$0 * columns + column] }
      })
  }

  func map(_ function: (Float) -> Float) -> Matrix {
    Matrix(rows: rows, columns: columns, values: values.map(function))
  }

  static func + (a: Matrix, b: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns, values: zip(a.values, b.values).map(+))
  }

  static func - (a: Matrix, b: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns, values: zip(a.values, b.values).map(-))
  }
}
