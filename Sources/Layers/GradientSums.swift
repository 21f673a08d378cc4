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
      add(gradient, for: parameter, on: loss.tape.backend)
    }
  }

  /// Adds other sums to these, and forgets the others.
  public func add(
    _ others: GradientSums, for parameters: [NamedParameter], on backend: any Backend
  ) {
    for case (let named, let other?) in zip(parameters, others.take(for: parameters)) {
      add(other, for: named.parameter, on: backend)
    }
  }

  private func add(_ term: Tensor, for parameter: Parameter, on backend: any Backend) {
    let key = ObjectIdentifier(parameter)
    guard var sum = sums.removeValue(forKey: key) else {
      sums[key] = term
      return
    }
    backend.accumulate(&sum, adding: term)
    sums[key] = sum
  }

  /// Hands the sums out, nil where there is none, and forgets them.
  public func take(for parameters: [NamedParameter]) -> [Tensor?] {
    parameters.map { sums.removeValue(forKey: ObjectIdentifier($0.parameter)) }
  }

  /// Adds the sums to the parameters' gradients and forgets them.
  public func move(into parameters: [NamedParameter], on backend: any Backend) {
    for (parameter, sum) in zip(parameters, take(for: parameters)) {
      if let sum { parameter.parameter.add(sum, on: backend) }
    }
  }
}
