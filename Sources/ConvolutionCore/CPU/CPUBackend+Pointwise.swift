import CKernels
import Glibc
import Tensors

// Memory sets the pace here, so plain loops are enough: the compiler makes vectors of them.

extension CPUBackend {
  /// See `PointwiseOperations.map`.
  public func map(_ function: Pointwise, _ x: Tensor) -> Tensor {
    elementwise(x) { x, y, span in
      switch function {
      case .leakyReLU(let slope): fill(y, span) { x[$0] > 0 ? x[$0] : slope * x[$0] }
      case .step(let slope): fill(y, span) { x[$0] > 0 ? 1 : slope }
      case .tanh: kernels.table.tanh(x + span.lowerBound, y + span.lowerBound, span.count)
      case .sigmoid: fill(y, span) { 1 / (1 + expf(-x[$0])) }
      case .softplus: fill(y, span) { max(x[$0], 0) + log1pf(expf(-abs(x[$0]))) }
      case .absolute: fill(y, span) { abs(x[$0]) }
      case .sign: fill(y, span) { x[$0] > 0 ? 1 : x[$0] < 0 ? -1 : 0 }
      case .square: fill(y, span) { x[$0] * x[$0] }
      case .squareRoot: fill(y, span) { x[$0].squareRoot() }
      case .reciprocal: fill(y, span) { 1 / x[$0] }
      }
    }
  }

  /// See `PointwiseOperations.mapGradient`.
  public func mapGradient(_ function: Pointwise, saved: Tensor, _ dy: Tensor) -> Tensor {
    precondition(saved.shape == dy.shape, "gradient \(dy.shape) of \(saved.shape)")
    return elementwise(saved, dy) { s, dy, dx, span in
      switch function {
      case .leakyReLU(let slope): fill(dx, span) { s[$0] > 0 ? dy[$0] : slope * dy[$0] }
      case .step, .sign: fill(dx, span) { _ in 0 }
      case .tanh: fill(dx, span) { (1 - s[$0] * s[$0]) * dy[$0] }
      case .sigmoid: fill(dx, span) { s[$0] * (1 - s[$0]) * dy[$0] }
      case .softplus: fill(dx, span) { dy[$0] / (1 + expf(-s[$0])) }
      case .absolute: fill(dx, span) { s[$0] > 0 ? dy[$0] : s[$0] < 0 ? -dy[$0] : 0 }
      case .square: fill(dx, span) { 2 * s[$0] * dy[$0] }
      case .squareRoot: fill(dx, span) { 0.5 * dy[$0] / s[$0] }
      case .reciprocal: fill(dx, span) { -s[$0] * s[$0] * dy[$0] }
      }
    }
  }

  /// See `PointwiseOperations.combine`.
  public func combine(_ combination: Combination, _ a: Tensor, _ b: Tensor) -> Tensor {
    if a.shape == b.shape {
      return elementwise(a, b) { a, b, y, span in
        combine(combination, a, b, into: y, span)
      }
    }
    let pattern = Broadcast(b.shape, over: a.shape)
    var y = Tensor(uninitialized: a.shape)
    y.withMutablePointer { y in
      a.withPointer { a in
        b.withPointer { b in
          forEachRun(of: pattern) { run, source in
            if pattern.inner == 1 {
              combine(combination, a, repeating: b[source], into: y, run)
            } else {
              combine(combination, a, b + (source - run.lowerBound), into: y, run)
            }
          }
        }
      }
    }
    return y
  }

  private func combine(
    _ combination: Combination, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, _ span: Range<Int>
  ) {
    switch combination {
    case .add: fill(y, span) { a[$0] + b[$0] }
    case .subtract: fill(y, span) { a[$0] - b[$0] }
    case .multiply: fill(y, span) { a[$0] * b[$0] }
    }
  }

  private func combine(
    _ combination: Combination, _ a: UnsafePointer<Float>, repeating b: Float,
    into y: UnsafeMutablePointer<Float>, _ span: Range<Int>
  ) {
    switch combination {
    case .add: fill(y, span) { a[$0] + b }
    case .subtract: fill(y, span) { a[$0] - b }
    case .multiply: fill(y, span) { a[$0] * b }
    }
  }

  /// See `PointwiseOperations.affine`.
  public func affine(_ x: Tensor, scale: Float, shift: Float) -> Tensor {
    elementwise(x) { x, y, span in fill(y, span) { scale * x[$0] + shift } }
  }

  /// See `PointwiseOperations.accumulate`.
  public func accumulate(_ x: inout Tensor, adding y: Tensor) {
    precondition(x.shape == y.shape, "\(y.shape) added to \(x.shape)")
    x.withMutablePointer { sum in
      y.withPointer { term in
        forEachSpan(of: y.count) { span in fill(sum, span) { sum[$0] + term[$0] } }
      }
    }
  }

  // The loop stands inside the task, so that the compiler sees it whole and makes vectors of it.
  @inline(__always)
  private func fill(
    _ y: UnsafeMutablePointer<Float>, _ span: Range<Int>, _ value: (Int) -> Float
  ) {
    for i in span { y[i] = value(i) }
  }

  private func elementwise(
    _ x: Tensor,
    _ body: (_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, Range<Int>) -> Void
  ) -> Tensor {
    var y = Tensor(uninitialized: x.shape)
    y.withMutablePointer { y in
      x.withPointer { source in forEachSpan(of: x.count) { span in body(source, y, span) } }
    }
    return y
  }

  private func elementwise(
    _ a: Tensor, _ b: Tensor,
    _ body: (
      _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
      Range<Int>
    ) -> Void
  ) -> Tensor {
    var y = Tensor(uninitialized: a.shape)
    y.withMutablePointer { y in
      a.withPointer { left in
        b.withPointer { right in
          forEachSpan(of: a.count) { span in body(left, right, y, span) }
        }
      }
    }
    return y
  }
}

// How the work of memory-bound operations is cut: by size alone, never by the number of threads.

extension CPUBackend {
  /// Elements of a task: 64 KiB, which the nearest caches hold.
  static var spanLength: Int { 1 << 14 }

  /// Calls `body` for pieces of `0 ..< count`, in parallel.
  @inline(__always)
  func forEachSpan(of count: Int, _ body: (Range<Int>) -> Void) {
    let length = Self.spanLength
    pool.forEach((count + length - 1) / length) { piece in
      body(piece * length..<min(count, (piece + 1) * length))
    }
  }

  /// Calls `body` for runs of the large tensor that one block of the small one lies beside.
  ///
  /// - Parameters:
  ///   - pattern: How the small tensor spreads.
  ///   - body: Is given a run, and the small tensor's element that belongs to the run's first; to
  ///     the whole run where `inner` is 1.
  @inline(__always)
  func forEachRun(of pattern: Broadcast, _ body: (_ run: Range<Int>, _ source: Int) -> Void) {
    let (repeated, inner) = (pattern.repeated, pattern.inner)
    let length = inner == 1 ? repeated : inner
    forEachSpan(of: pattern.outer * repeated * inner) { span in
      var start = span.lowerBound
      while start < span.upperBound {
        let end = min(span.upperBound, (start / length + 1) * length)
        body(start..<end, start / (repeated * inner) * inner + start % inner)
        start = end
      }
    }
  }
}
