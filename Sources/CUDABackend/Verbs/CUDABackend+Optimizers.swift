import ConvolutionCore
import Tensors

extension CUDABackend {
  /// See `OptimizerOperations.adam`.
  public func adam(
    _ parameter: inout Tensor, gradient: Tensor, firstMoment: inout Tensor,
    secondMoment: inout Tensor, _ step: AdamStep
  ) {
    precondition(
      [gradient.shape, firstMoment.shape, secondMoment.shape].allSatisfy { $0 == parameter.shape },
      "parameter \(parameter.shape), gradient \(gradient.shape)")
    let count = parameter.count
    device.launch(
      .adam, .groups(count), .elements(mutableElements(&parameter)),
      .elements(elements(gradient)), .elements(mutableElements(&firstMoment)),
      .elements(mutableElements(&secondMoment)), .count(count), .float(Float(1 - step.beta1)),
      .float(Float(step.beta2)), .float(Float(1 - step.beta2)), .float(Float(step.stepSize)),
      .float(Float(step.rootCorrection)), .float(Float(step.epsilon)))
  }

  /// See `OptimizerOperations.blend`.
  public func blend(_ x: inout Tensor, toward y: Tensor, share: Float) {
    precondition(x.shape == y.shape, "\(x.shape) on its way to \(y.shape)")
    device.launch(
      .blend, .groups(x.count), .elements(mutableElements(&x)), .elements(elements(y)),
      .count(y.count), .float(share))
  }

  /// See `OptimizerOperations.clip`.
  public func clip(_ x: inout Tensor, to limit: Float) {
    let count = x.count
    device.launch(
      .clip, .groups(count), .elements(mutableElements(&x)), .count(count), .float(limit))
  }
}
