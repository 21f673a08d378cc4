import ConvolutionCore
import Synchronization
import Tensors

// cuDNN pads with zeros only, so a convolution over mirrored borders reads a picture that has its
// border in memory, and makes a gradient that has one. A norm writes its result so at once if that is
// how it is read; what reads a gradient folds it where it can.

extension CUDABackend {
  /// A convolution's input with its border, if that is mirrored.
  func padded(_ x: Tensor, _ spec: ConvolutionSpec) -> CUDAElements {
    guard let border = spec.reflection else { return activation(x) }
    let source = elements(x)
    // The gradient of the filter reads it again.
    return x.derivedElements(derivedName("mirrored \(border)")) {
      if source.format == activations, let norm = source.promise as? PromisedNorm,
        let bordered = norm.bordered(border, of: x.shape)
      {
        return bordered
      }
      let count = x.shape.padded(border).count
      let padded = CUDAElements(count: count, activations, on: queue)
      launch(.mirror, source, padded, count: count, inside: x.shape, border)
      return padded
    }
  }

  /// The adjoint of `padded`, made when somebody asks for it who cannot fold it himself.
  func folded(_ dy: CUDAElements, to shape: Shape, _ border: Int) -> Tensor {
    let promise = PromisedFold(dy, shape, border, on: self)
    return Tensor(shape, on: CUDAElements(promise, dy.format, on: queue))
  }

  /// A gradient's elements as they are, for a kernel that folds its border, which is 0 where there
  /// is none.
  func unfolded(_ dy: Tensor) -> (elements: CUDAElements, border: Int) {
    let known = elements(dy)
    return (known.promise as? PromisedFold)?.unfolded(of: dy.shape) ?? (known, 0)
  }

  /// A tensor's elements as they are, for a kernel that skips a border.
  func bordered(_ x: Tensor) -> (elements: CUDAElements, border: Int) {
    let known = elements(x)
    return (known.promise as? PromisedNorm)?.bordered(of: x.shape) ?? (known, 0)
  }

  /// Launches one of the kernels in `Kernels/borders.cu`.
  ///
  /// - Parameter inside: The shape without the border.
  func launch(
    _ kernel: Kernel, _ source: CUDAElements, _ result: CUDAElements, count: Int, inside: Shape,
    _ border: Int
  ) {
    queue.launch(
      kernel, .groups(count), .elements(source), .elements(result), .count(count),
      .signed(inside.height), .signed(inside.width), .count(inside.channels), .signed(border))
  }

  /// Writes the adjoint of `padded`, or adds it.
  func fold(
    _ dy: CUDAElements, into dx: CUDAElements, _ shape: Shape, _ border: Int, isAdded: Bool
  ) {
    queue.launch(
      .fold, .groups(shape.count), .elements(dy), .elements(dx), .count(shape.count),
      .signed(shape.height), .signed(shape.width), .count(shape.channels), .signed(border),
      .signed(isAdded ? 1 : 0))
  }
}

/// A gradient whose border has not been folded yet.
final class PromisedFold: PromisedElements {
  private enum State {
    case unfolded(CUDAElements)
    case folded(CUDAElements)
  }

  private let backend: CUDABackend
  /// Without the border.
  private let shape: Shape
  private let border: Int
  private let state: Mutex<State>

  init(_ dy: CUDAElements, _ shape: Shape, _ border: Int, on backend: CUDABackend) {
    (self.backend, self.shape, self.border) = (backend, shape, border)
    state = Mutex(.unfolded(dy))
  }

  /// The gradient with its border; nil if it has been folded, or is seen as one of another shape.
  func unfolded(of shape: Shape) -> (elements: CUDAElements, border: Int)? {
    state.withLock { state in
      guard case .unfolded(let elements) = state, shape == self.shape else { return nil }
      return (elements, border)
    }
  }

  func kept() -> CUDAElements {
    state.withLock { state in
      switch state {
      case .folded(let elements): return elements
      case .unfolded(let source):
        backend.queue.keepsPromise()
        let folded = CUDAElements(count: shape.count, source.format, on: backend.queue)
        backend.fold(source, into: folded, shape, border, isAdded: false)
        state = .folded(folded)
        return folded
      }
    }
  }

  func settle() { _ = kept() }
}
