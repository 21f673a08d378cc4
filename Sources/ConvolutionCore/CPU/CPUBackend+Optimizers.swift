import CKernels
import Tensors

extension CPUBackend {
  /// See `OptimizerOperations.adam`: spans of all tensors in one parallel loop.
  public func adam(_ terms: inout [AdamTerm], _ step: AdamStep) {
    var calls: [kernels_adam] = []
    // The kernel writes a first moment in any case.
    var unremembered: [Tensor] = []
    for index in terms.indices {
      let parameter = terms[index].parameter.mutablePointer()
      let second = terms[index].secondMoment.mutablePointer()
      let gradient = terms[index].gradient.pointer
      let first: UnsafeMutablePointer<Float>
      if terms[index].firstMoment != nil {
        first = terms[index].firstMoment!.mutablePointer()
      } else {
        unremembered.append(terms[index].gradient)
        first = unremembered[unremembered.count - 1].mutablePointer()
      }
      let count = terms[index].parameter.count
      for start in stride(from: 0, to: count, by: Self.spanLength) {
        calls.append(
          kernels_adam(
            parameter: parameter + start, moment1: first + start, moment2: second + start,
            gradient: gradient + start, count: min(Self.spanLength, count - start),
            keep1: Float(step.beta1), take1: Float(1 - step.beta1), keep2: Float(step.beta2),
            take2: Float(1 - step.beta2), epsilon: Float(step.epsilon),
            rate: Float(step.stepSize), correction2: Float(1 / step.rootCorrection)))
      }
    }
    guard !calls.isEmpty else { return }
    withExtendedLifetime(unremembered) {
      pool.forEach(calls.count) { index in
        var call = calls[index]
        kernels.table.adam(&call)
      }
    }
  }

  /// See `OptimizerOperations.blend`.
  public func blend(_ x: inout Tensor, toward y: Tensor, share: Float) {
    precondition(x.shape == y.shape, "\(x.shape) on its way to \(y.shape)")
    let count = y.count
    x.withMutablePointer { x in
      y.withPointer { y in
        forEachSpan(of: count) { span in for i in span { x[i] += share * (y[i] - x[i]) } }
      }
    }
  }

  /// See `OptimizerOperations.clip`.
  public func clip(_ x: inout Tensor, to limit: Float) {
    let count = x.count
    x.withMutablePointer { x in
      forEachSpan(of: count) { span in for i in span { x[i] = min(max(x[i], -limit), limit) } }
    }
  }
}
