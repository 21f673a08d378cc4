import Autograd
import ConvolutionCore

/// A function applied to each element, as a module.
public final class Activated: Module {
  private let function: Pointwise

  /// Wraps a function.
  public init(_ function: Pointwise) { self.function = function }

  /// None.
  public var parameters: [NamedParameter] { [] }

  /// Applies the function.
  public func callAsFunction(_ x: Variable) -> Variable { x.map(function) }
}
