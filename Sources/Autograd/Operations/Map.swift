import ConvolutionCore

extension Variable {
  /// Applies a function to each element.
  public func map(_ function: Pointwise) -> Variable {
    let value = tape.backend.map(function, value)
    switch function {
    case .step, .sign: return tape.constant(value)
    default: break
    }
    // An operation whose derivative is computed from its output must not keep its input alive.
    let input = function.derivativeUsesOutput ? nil : self
    return tape.record(
      value, from: [self], keepingOutput: function.derivativeUsesOutput
    ) { pull in
      let saved = input ?? pull.y, tape = pull.dy.tape
      if tape.isRecording { return [pull.dy * saved.derivative(of: function)] }
      let dx = tape.backend.mapGradient(function, saved: saved.value, pull.dy.value)
      return [tape.constant(dx)]
    }
  }

  /// The function's derivative, as operations that have derivatives themselves.
  ///
  /// Called on the function's output or input, as `Pointwise.derivativeUsesOutput` has it.
  private func derivative(of function: Pointwise) -> Variable {
    switch function {
    case .leakyReLU(let slope): map(.step(slope: slope))
    case .tanh: 1 - squared()
    case .sigmoid: self * (1 - self)
    case .softplus: map(.sigmoid)
    case .absolute: map(.sign)
    case .square: 2 * self
    case .squareRoot: 0.5 * map(.reciprocal)
    case .reciprocal: -squared()
    case .step, .sign: preconditionFailure("\(function) is flat and was not recorded")
    }
  }

  /// x², element by element.
  public func squared() -> Variable { map(.square) }

  /// |x|, element by element.
  public func absolute() -> Variable { map(.absolute) }

  /// √x, element by element.
  public func squareRoot() -> Variable { map(.squareRoot) }

  /// Hyperbolic tangent, element by element.
  public func tanh() -> Variable { map(.tanh) }

  /// A piecewise linear activation.
  public func activated(_ activation: Activation) -> Variable {
    activation == .identity ? self : map(.leakyReLU(slope: activation.negativeSlope))
  }
}
