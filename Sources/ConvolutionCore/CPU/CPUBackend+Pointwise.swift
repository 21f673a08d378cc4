import CKernels
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Memory sets the pace here, so plain loops are enough: the compiler makes vectors of them.

extension CPUBackend {
  /// See `PointwiseOperations.map`.
  public func map(_ function: Pointwise, _ x: Tensor) -> Tensor {
    switch function {
    case .leakyReLU(let slope): elementwise(x) { $0 > 0 ? $0 : slope * $0 }
    case .step(let slope): elementwise(x) { $0 > 0 ? 1 : slope }
    case .tanh: tanh(x)
    case .sigmoid: elementwise(x) { 1 / (1 + expf(-$0)) }
    case .softplus: elementwise(x) { max($0, 0) + log1pf(expf(-abs($0))) }
    case .absolute: elementwise(x) { abs($0) }
    case .sign: elementwise(x) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
    case .square: elementwise(x) { $0 * $0 }
    case .squareRoot: elementwise(x) { $0.squareRoot() }
    case .reciprocal: elementwise(x) { 1 / $0 }
    }
  }

  /// See `PointwiseOperations.mapGradient`.
  public func mapGradient(_ function: Pointwise, saved: Tensor, _ dy: Tensor) -> Tensor {
    precondition(saved.shape == dy.shape, "gradient \(dy.shape) of \(saved.shape)")
    return switch function {
    case .leakyReLU(let slope): elementwise(saved, dy) { $0 > 0 ? $1 : slope * $1 }
    case .step, .sign: Tensor(zeros: dy.shape)
    case .tanh: elementwise(saved, dy) { (1 - $0 * $0) * $1 }
    case .sigmoid: elementwise(saved, dy) { $0 * (1 - $0) * $1 }
    case .softplus: elementwise(saved, dy) { $1 / (1 + expf(-$0)) }
    case .absolute: elementwise(saved, dy) { $0 > 0 ? $1 : $0 < 0 ? -$1 : 0 }
    case .square: elementwise(saved, dy) { 2 * $0 * $1 }
    case .squareRoot: elementwise(saved, dy) { 0.5 * $1 / $0 }
    case .reciprocal: elementwise(saved, dy) { -$0 * $0 * $1 }
    }
  }

  /// See `PointwiseOperations.combine`.
  public func combine(_ combination: Combination, _ a: Tensor, _ b: Tensor) -> Tensor {
    switch combination {
    case .add: combine(a, b) { $0 + $1 }
    case .subtract: combine(a, b) { $0 - $1 }
    case .multiply: combine(a, b) { $0 * $1 }
    }
  }

  /// See `PointwiseOperations.affine`.
  public func affine(_ x: Tensor, scale: Float, shift: Float) -> Tensor {
    elementwise(x) { scale * $0 + shift }
  }

  /// See `PointwiseOperations.accumulate`.
  public func accumulate(_ x: inout Tensor, adding y: Tensor) {
    precondition(x.shape == y.shape, "\(y.shape) added to \(x.shape)")
    x.withMutablePointer { sum in
      y.withPointer { term in
        forEachSpan(of: y.count) { span in for i in span { sum[i] += term[i] } }
      }
    }
  }

  private func tanh(_ x: Tensor) -> Tensor {
    let count = x.count
    var y = Tensor(uninitialized: x.shape)
    y.withMutablePointer { y in
      x.withPointer { x in
        forEachSpan(of: count) { span in
          kernels.table.tanh(x + span.lowerBound, y + span.lowerBound, span.count)
        }
      }
    }
    return y
  }

  @inline(__always)
  private func elementwise(_ x: Tensor, _ function: (Float) -> Float) -> Tensor {
    var y = Tensor(uninitialized: x.shape)
    y.withMutablePointer { y in
      x.withPointer { source in
        forEachSpan(of: x.count) { span in for i in span { y[i] = function(source[i]) } }
      }
    }
    return y
  }

  @inline(__always)
  private func elementwise(_ a: Tensor, _ b: Tensor, _ function: (Float, Float) -> Float) -> Tensor
  {
    var y = Tensor(uninitialized: a.shape)
    y.withMutablePointer { y in
      a.withPointer { left in
        b.withPointer { right in
          forEachSpan(of: a.count) { span in for i in span { y[i] = function(left[i], right[i]) } }
        }
      }
    }
    return y
  }

  @inline(__always)
  private func combine(_ a: Tensor, _ b: Tensor, _ function: (Float, Float) -> Float) -> Tensor {
    if a.shape == b.shape { return elementwise(a, b, function) }
    let pattern = Broadcast(b.shape, over: a.shape)
    var y = Tensor(uninitialized: a.shape)
    y.withMutablePointer { y in
      a.withPointer { left in
        b.withPointer { right in
          forEachRun(of: pattern) { run, source in
            if pattern.inner == 1 {
              let value = right[source]
              for i in run { y[i] = function(left[i], value) }
            } else {
              let row = right + (source - run.lowerBound)
              for i in run { y[i] = function(left[i], row[i]) }
            }
          }
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
