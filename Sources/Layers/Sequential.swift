import Autograd

/// Modules one after the other, each with its name.
public final class Sequential: Module {
  private let modules: [(name: String, module: any Module)]

  /// Creates the chain.
  ///
  /// - Parameter modules: Names, mostly positions in the reference's list, and modules; modules
  ///   without parameters need no name there and may be given any.
  public init(_ modules: [(name: String, module: any Module)]) { self.modules = modules }

  /// Those of the modules, in their order.
  public var parameters: [NamedParameter] {
    modules.flatMap { name, module in module.parameters.map { $0.inside(name) } }
  }

  /// Applies one module after the other.
  public func callAsFunction(_ x: Variable) -> Variable {
    modules.reduce(x) { $1.module($0) }
  }
}
