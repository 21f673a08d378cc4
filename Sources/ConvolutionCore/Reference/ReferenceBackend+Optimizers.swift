import Tensors

extension ReferenceBackend {
  /// Element by element in double precision; the moments are rounded as they are stored.
  public func adam(
    _ parameter: inout Tensor, gradient: Tensor, firstMoment: inout Tensor,
    secondMoment: inout Tensor, _ step: AdamStep
  ) {
    precondition(
      [gradient.shape, firstMoment.shape, secondMoment.shape].allSatisfy { $0 == parameter.shape },
      "parameter \(parameter.shape), gradient \(gradient.shape)")
    for index in 0..<parameter.count {
      let g = Double(gradient[index])
      let m = Double(firstMoment[index]) + (1 - step.beta1) * (g - Double(firstMoment[index]))
      let v = step.beta2 * Double(secondMoment[index]) + (1 - step.beta2) * g * g
      firstMoment[index] = Float(m)
      secondMoment[index] = Float(v)
      let change = step.stepSize * m / (v.squareRoot() / step.rootCorrection + step.epsilon)
      parameter[index] = Float(Double(parameter[index]) - change)
    }
  }

  /// Element by element in double precision.
  public func blend(_ x: inout Tensor, toward y: Tensor, share: Float) {
    precondition(x.shape == y.shape, "\(x.shape) on its way to \(y.shape)")
    for index in 0..<x.count {
      let from = Double(x[index])
      x[index] = Float(from + Double(share) * (Double(y[index]) - from))
    }
  }

  /// Element by element.
  public func clip(_ x: inout Tensor, to limit: Float) {
    for index in 0..<x.count { x[index] = min(max(x[index], -limit), limit) }
  }
}
