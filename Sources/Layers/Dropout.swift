import Autograd

/// Drops elements at random while training, and does nothing afterwards.
public final class Dropout: Module {
  private let probability: Float

  /// Creates the layer.
  ///
  /// - Parameter probability: Of an element being dropped, in 0 ..< 1.
  public init(probability: Float = 0.5) { self.probability = probability }

  /// None.
  public var parameters: [NamedParameter] { [] }

  /// Takes its numbers from the tape.
  public func callAsFunction(_ x: Variable) -> Variable {
    x.tape.isTraining ? x.dropped(probability: probability, using: &x.tape.random) : x
  }
}
