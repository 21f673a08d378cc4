import CKernels
import Tensors

extension CPUBackend {
  /// See `OptimizerOperations.adam`.
  public func adam(
    _ parameter: inout Tensor, gradient: Tensor, firstMoment: inout Tensor,
    secondMoment: inout Tensor, _ step: AdamStep
  ) {
    precondition(
      [gradient.shape, firstMoment.shape, secondMoment.shape].allSatisfy { $0 == parameter.shape },
      "parameter \(parameter.shape), gradient \(gradient.shape)")
    let count = parameter.count
    parameter.withMutablePointer { parameter in
      firstMoment.withMutablePointer { first in
        secondMoment.withMutablePointer { second in
          gradient.withPointer { gradient in
            forEachSpan(of: count) { span in
              let start = span.lowerBound
              var call = kernels_adam(
                parameter: parameter + start, moment1: first + start, moment2: second + start,
                gradient: gradient + start, count: span.count, keep1: Float(step.beta1),
                take1: Float(1 - step.beta1), keep2: Float(step.beta2),
                take2: Float(1 - step.beta2), epsilon: Float(step.epsilon),
                rate: Float(step.stepSize),
                correction2: Float(1 / step.rootCorrection))
              kernels.table.adam(&call)
            }
          }
        }
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
