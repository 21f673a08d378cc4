import ConvolutionCore
import Synchronization
import Tensors

/// The reference backend, with a list of the convolutions that it was asked for.
package final class CountingBackend: Backend {
  private let base = ReferenceBackend()
  private let log = Mutex<[String]>([])

  package init() {}

  /// The verbs called so far, in order.
  package var calls: [String] { log.withLock { $0 } }

  package var description: String { base.description }

  private func note(_ call: String) { log.withLock { $0.append(call) } }

  package func concurrently(
    _ first: (any Backend) -> Void, _ second: (any Backend) -> Void
  ) {
    first(self)
    second(self)
  }

  package func convolution(
    _ x: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec
  ) -> Tensor {
    note("convolution")
    return base.convolution(x, filter: filter, bias: bias, spec)
  }

  package func convolutionInputGradient(
    _ dy: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec, inputShape: Shape
  ) -> Tensor {
    note("input gradient")
    return base.convolutionInputGradient(
      dy, filter: filter, bias: bias, spec, inputShape: inputShape)
  }

  package func convolutionFilterGradient(
    _ x: Tensor, _ dy: Tensor, _ spec: ConvolutionSpec, filterShape: Shape
  ) -> Tensor {
    note("filter gradient")
    return base.convolutionFilterGradient(x, dy, spec, filterShape: filterShape)
  }

  package func normalize(
    _ x: Tensor, epsilon: Float, scale: Tensor?, shift: Tensor?, activation: Activation,
    residual: Tensor?
  ) -> (output: Tensor, statistics: NormStatistics) {
    base.normalize(
      x, epsilon: epsilon, scale: scale, shift: shift, activation: activation, residual: residual)
  }

  package func statistics(of x: Tensor, epsilon: Float) -> NormStatistics {
    base.statistics(of: x, epsilon: epsilon)
  }

  package func normalize(
    _ x: Tensor, using statistics: NormStatistics, scale: Tensor?, shift: Tensor?,
    activation: Activation
  ) -> Tensor {
    note("normalize again")
    return base.normalize(
      x, using: statistics, scale: scale, shift: shift, activation: activation)
  }

  package func normalizeGradient(
    _ dy: Tensor, x: Tensor, statistics: NormStatistics, scale: Tensor?, shift: Tensor?,
    activation: Activation
  ) -> (input: Tensor, scale: Tensor?, shift: Tensor?) {
    base.normalizeGradient(
      dy, x: x, statistics: statistics, scale: scale, shift: shift, activation: activation)
  }

  package func map(_ function: Pointwise, _ x: Tensor) -> Tensor { base.map(function, x) }

  package func mapGradient(_ function: Pointwise, saved: Tensor, _ dy: Tensor) -> Tensor {
    base.mapGradient(function, saved: saved, dy)
  }

  package func combine(_ combination: Combination, _ a: Tensor, _ b: Tensor) -> Tensor {
    base.combine(combination, a, b)
  }

  package func affine(_ x: Tensor, scale: Float, shift: Float) -> Tensor {
    base.affine(x, scale: scale, shift: shift)
  }

  package func accumulate(_ x: inout Tensor, adding y: Tensor) { base.accumulate(&x, adding: y) }

  package func concatenateChannels(_ parts: [Tensor]) -> Tensor { base.concatenateChannels(parts) }

  package func sliceChannels(_ x: Tensor, _ channels: Range<Int>) -> Tensor {
    base.sliceChannels(x, channels)
  }

  package func shift(_ x: Tensor, by offsets: [PixelOffset]) -> Tensor {
    base.shift(x, by: offsets)
  }

  package func sum(_ x: Tensor, to shape: Shape) -> Tensor { base.sum(x, to: shape) }

  package func broadcast(_ x: Tensor, to shape: Shape) -> Tensor { base.broadcast(x, to: shape) }

  package func adam(_ terms: inout [AdamTerm], _ step: AdamStep) { base.adam(&terms, step) }

  package func blend(_ x: inout Tensor, toward y: Tensor, share: Float) {
    base.blend(&x, toward: y, share: share)
  }

  package func clip(_ x: inout Tensor, to limit: Float) { base.clip(&x, to: limit) }
}
