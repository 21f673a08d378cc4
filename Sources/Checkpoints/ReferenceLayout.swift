import Tensors

/// Filters between this library's layout and the reference implementation's.
///
/// Ours is `[I, KH, KW, O]`. The reference stores a convolution's filter as `[O, I, KH, KW]` and a
/// transposed convolution's as `[in, out, KH, KW]`. Here a transposed convolution is the adjoint
/// of a convolution that leads from its output to its input; seen as the filter of that
/// convolution, `[in, out, KH, KW]` *is* `[O, I, KH, KW]`. So one permutation serves both. The
/// matrices of fully connected layers are filters without a kernel: `[I, O]` here, `[O, I]` there.
extension Tensor {
  /// A parameter of the reference implementation in this library's layout: vectors stay.
  package var inOurLayout: Tensor { shape.rank >= 2 ? filterFromReferenceLayout() : self }

  /// A parameter of this library in the reference implementation's layout: vectors stay.
  package var inReferenceLayout: Tensor { shape.rank >= 2 ? filterInReferenceLayout() : self }

  /// A filter of the reference implementation in this library's layout.
  ///
  /// - Returns: `[I, KH, KW, O]` for `[O, I, KH, KW]`. Traps below rank 2.
  package func filterFromReferenceLayout() -> Tensor {
    precondition(shape.rank >= 2, "expected a filter [O, I, KH, KW], found \(shape)")
    let rest = shape.count / max(shape[0], 1)
    return transposed(rows: shape[0], columns: rest)
      .reshaped(Shape(shape.dimensions.dropFirst() + [shape[0]]))
  }

  /// A filter of this library in the reference implementation's layout.
  ///
  /// - Returns: `[O, I, KH, KW]` for `[I, KH, KW, O]`. Traps below rank 2.
  package func filterInReferenceLayout() -> Tensor {
    precondition(shape.rank >= 2, "expected a filter [I, KH, KW, O], found \(shape)")
    let outputs = shape[shape.rank - 1]
    let rest = shape.count / max(outputs, 1)
    return transposed(rows: rest, columns: outputs)
      .reshaped(Shape([outputs] + shape.dimensions.dropLast()))
  }

  /// The matrix `[columns, rows]` for a matrix `[rows, columns]`.
  ///
  /// It goes by tiles, so that each line of memory is used whole while it is in the cache.
  private func transposed(rows: Int, columns: Int) -> Tensor {
    let tile = 16
    var result = Tensor(uninitialized: [columns, rows])
    withPointer { source in
      result.withMutablePointer { target in
        for top in stride(from: 0, to: rows, by: tile) {
          for left in stride(from: 0, to: columns, by: tile) {
            for row in top..<min(top + tile, rows) {
              for column in left..<min(left + tile, columns) {
                target[column * rows + row] = source[row * columns + column]
              }
            }
          }
        }
      }
    }
    return result
  }
}
