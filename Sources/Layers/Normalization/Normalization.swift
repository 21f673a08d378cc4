import Autograd
import ConvolutionCore

/// A norm that applies what follows it in the same pass.
public protocol Normalization: Module {
  /// activation(norm(x)) + residual.
  func callAsFunction(_ x: Variable, activation: Activation, residual: Variable?) -> Variable
}

extension Normalization {
  /// Normalizes and nothing else.
  public func callAsFunction(_ x: Variable) -> Variable {
    self(x, activation: .identity, residual: nil)
  }

  /// Normalizes and activates.
  public func callAsFunction(_ x: Variable, activation: Activation) -> Variable {
    self(x, activation: activation, residual: nil)
  }
}

/// The absence of a norm, so that networks need not ask.
public final class NoNorm: Normalization {
  /// Creates nothing.
  public init() {}

  /// None.
  public var parameters: [NamedParameter] { [] }

  /// activation(x) + residual.
  public func callAsFunction(_ x: Variable, activation: Activation, residual: Variable?)
    -> Variable
  {
    let y = x.activated(activation)
    return residual.map { y + $0 } ?? y
  }
}
