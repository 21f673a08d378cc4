import Tensors

extension ReferenceBackend {
  /// Element by element in double precision; the moments are rounded as they are stored.
  public func adam(_ terms: inout [AdamTerm], _ step: AdamStep) {
    for number in terms.indices {
      for index in 0..<terms[number].parameter.count {
        let g = Double(terms[number].gradient[index])
        let before = terms[number].firstMoment.map { Double($0[index]) } ?? g
        let m = before + (1 - step.beta1) * (g - before)
        let v =
          step.beta2 * Double(terms[number].secondMoment[index]) + (1 - step.beta2) * g * g
        terms[number].firstMoment?[index] = Float(m)
        terms[number].secondMoment[index] = Float(v)
        let change = step.stepSize * m / (v.squareRoot() / step.rootCorrection + step.epsilon)
        terms[number].parameter[index] = Float(Double(terms[number].parameter[index]) - change)
      }
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
