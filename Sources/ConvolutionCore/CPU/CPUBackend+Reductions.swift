import Tensors

extension CPUBackend {
  /// See `ReductionOperations.sum`.
  ///
  /// Pieces of a fixed size are added up in double precision, then the pieces in their order.
  public func sum(_ x: Tensor, to shape: Shape) -> Tensor {
    let pieces = SumPieces(Broadcast(shape, over: x.shape), length: Self.spanLength)
    let inner = pieces.pattern.inner
    let partial = [Double](unsafeUninitializedCapacity: pieces.count * inner) { sums, filled in
      filled = pieces.count * inner
      x.withPointer { x in
        let base = sums.baseAddress!
        let perTask = max(1, Self.spanLength / (pieces.rows * inner))
        pool.forEach((pieces.count + perTask - 1) / perTask) { task in
          for piece in task * perTask..<min(pieces.count, (task + 1) * perTask) {
            pieces.addUp(piece, of: x, into: base + piece * inner)
          }
        }
      }
    }
    return pieces.total(partial, shape)
  }

  /// See `ReductionOperations.broadcast`.
  public func broadcast(_ x: Tensor, to shape: Shape) -> Tensor {
    let pattern = Broadcast(x.shape, over: shape)
    var y = Tensor(uninitialized: shape)
    y.withMutablePointer { y in
      x.withPointer { x in
        forEachRun(of: pattern) { run, source in
          if pattern.inner == 1 {
            (y + run.lowerBound).update(repeating: x[source], count: run.count)
          } else {
            (y + run.lowerBound).update(from: x + source, count: run.count)
          }
        }
      }
    }
    return y
  }
}

/// A sum cut into pieces of whole rows of `inner` elements.
private struct SumPieces {
  let pattern: Broadcast
  /// Rows of a piece; the last of a block may have fewer.
  let rows: Int
  private let perBlock: Int
  var count: Int { pattern.outer * perBlock }

  init(_ pattern: Broadcast, length: Int) {
    self.pattern = pattern
    rows = max(1, min(pattern.repeated, length / max(1, pattern.inner)))
    perBlock = (pattern.repeated + rows - 1) / rows
  }

  /// Adds up the rows of a piece.
  func addUp(_ piece: Int, of x: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Double>) {
    let (block, part) = (piece / perBlock, piece % perBlock)
    let first = block * pattern.repeated + part * rows
    let end = block * pattern.repeated + min(pattern.repeated, (part + 1) * rows)
    let inner = pattern.inner
    if inner == 1 {
      sums.pointee = Self.sum(x + first, count: end - first)
      return
    }
    sums.update(repeating: 0, count: inner)
    for row in first..<end {
      let values = x + row * inner
      for column in 0..<inner { sums[column] += Double(values[column]) }
    }
  }

  /// Eight running sums, so that additions need not wait for one another.
  private static func sum(_ x: UnsafePointer<Float>, count: Int) -> Double {
    var lanes = SIMD8<Double>.zero
    let whole = count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      let values = UnsafeRawPointer(x + start).loadUnaligned(as: SIMD8<Float>.self)
      lanes += SIMD8<Double>(values)
    }
    return (whole..<count).reduce(lanes.sum()) { $0 + Double(x[$1]) }
  }

  /// Adds up each block's pieces in their order.
  func total(_ partial: [Double], _ shape: Shape) -> Tensor {
    let inner = pattern.inner
    var index = -1
    return Tensor(shape) {
      index += 1
      let first = index / inner * perBlock * inner + index % inner
      var sum = partial[first]
      for piece in 1..<max(1, perBlock) { sum += partial[first + piece * inner] }
      return Float(sum)
    }
  }
}
