import ConvolutionCore
import Synchronization
import Tensors

/// What a norm is to be computed from.
struct Norm: Sendable {
  /// What is subtracted and divided by.
  enum Source: Sendable {
    case measured(epsilon: Float)
    case given(NormStatistics)
  }

  let x: Tensor
  let source: Source
  let scale: Tensor?, shift: Tensor?
  let activation: Activation
  let residual: Tensor?
}

/// The result of a norm, which is computed when it is first read: a convolution over mirrored borders
/// wants it with its border, and nobody else reads what stands before such a one.
final class PromisedNorm: PromisedElements {
  /// What has been computed.
  struct Made {
    var plain: CUDAElements?
    /// With a border.
    var bordered: (elements: CUDAElements, border: Int)?
    let mean: CUDAElements, inverseDeviation: CUDAElements
  }

  private enum State {
    case asked(Norm)
    case made(Made)
  }

  private let backend: CUDABackend
  private let shape: Shape
  private let state: Mutex<State>

  init(_ norm: Norm, on backend: CUDABackend) {
    (self.backend, shape) = (backend, norm.x.shape)
    state = Mutex(.asked(norm))
  }

  /// The result with a border, computed if nothing has been; nil if it would have to be copied, or
  /// is seen as one of another shape.
  func bordered(_ border: Int, of shape: Shape) -> CUDAElements? {
    guard shape == self.shape else { return nil }
    return state.withLock { state in
      let known = made(&state, border: border).bordered
      return known?.border == border ? known?.elements : nil
    }
  }

  /// The result with whatever border it has been computed with; nil without one.
  func bordered(of shape: Shape) -> (elements: CUDAElements, border: Int)? {
    guard shape == self.shape else { return nil }
    return state.withLock { state in
      guard case .made(let made) = state, made.plain == nil else { return nil }
      return made.bordered
    }
  }

  func kept() -> CUDAElements { state.withLock { plain(&$0) } }

  func settle() {
    state.withLock { state in
      _ = plain(&state)
      guard case .made(var made) = state else { return }
      made.bordered = nil
      state = .made(made)
    }
  }

  /// What was measured, which is computed together with the result.
  var statistics: (mean: CUDAElements, inverseDeviation: CUDAElements) {
    state.withLock { state in
      let made = made(&state, border: 0)
      return (made.mean, made.inverseDeviation)
    }
  }

  private func plain(_ state: inout State) -> CUDAElements {
    var made = made(&state, border: 0)
    if let plain = made.plain { return plain }
    guard let (source, border) = made.bordered else {
      preconditionFailure("a norm that was computed in no form")
    }
    backend.queue.keepsPromise()
    let plain = CUDAElements(count: shape.count, source.format, on: backend.queue)
    backend.launch(.cut, source, plain, count: shape.count, inside: shape, border)
    made.plain = plain
    state = .made(made)
    return plain
  }

  private func made(_ state: inout State, border: Int) -> Made {
    switch state {
    case .made(let made): return made
    case .asked(let norm):
      backend.queue.keepsPromise()
      let made = backend.computed(norm, border: border)
      state = .made(made)
      return made
    }
  }
}

/// A mean or a deviation that is computed together with a norm's result.
final class PromisedStatistic: PromisedElements {
  private let norm: PromisedNorm
  private let isMean: Bool

  init(of norm: PromisedNorm, isMean: Bool) { (self.norm, self.isMean) = (norm, isMean) }

  func kept() -> CUDAElements {
    let (mean, inverseDeviation) = norm.statistics
    return isMean ? mean : inverseDeviation
  }

  func settle() { _ = kept() }
}
