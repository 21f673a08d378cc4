import Autograd
import ConvolutionCore
import Tensors

/// Gradients that add up apart from the parameters that they are for.
///
/// Parts of a step that run at the same time have one each.
public final class GradientSums {
  private var sums: [ObjectIdentifier: Tensor] = [:]

  /// Creates sums of nothing.
  public init() {}

  /// Adds the gradients of a scalar with respect to the parameters that it depends on.
  public func add(gradientsOf loss: Variable, for parameters: [NamedParameter]) {
    let trained = parameters.map(\.parameter).filter(\.role.isTrained)
    let gradients = loss.tape.gradients(of: loss, withRespectTo: trained)
    for case (let parameter, let gradient?) in zip(trained, gradients) {
      let key = ObjectIdentifier(parameter)
      guard var sum = sums.removeValue(forKey: key) else {
        sums[key] = gradient
        continue
      }
      loss.tape.backend.accumulate(&sum, adding: gradient)
      sums[key] = sum
    }
  }

  /// Adds the sums to the parameters' gradients and forgets them.
  public func move(into parameters: [NamedParameter], on backend: any Backend) {
    for parameter in parameters.map(\.parameter) {
      guard let sum = sums.removeValue(forKey: ObjectIdentifier(parameter)) else { continue }
      parameter.add(sum, on: backend)
    }
  }
}
