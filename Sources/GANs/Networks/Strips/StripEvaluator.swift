import ConvolutionCore
import Layers

/// Carries out a network's layers over pictures that are never in memory as a whole.
///
/// A network tells an evaluator what it does (`StripNetwork`); the evaluator decides which maps are
/// stored, where, and which are computed again when they are needed again.
package protocol StripEvaluator {
  /// A map of activations, which can give any of its rows.
  associatedtype Rows

  /// A convolution, its norm, its activation, and a residual.
  ///
  /// - Parameter isCheap: Whether the convolution may be carried out again for each use.
  func layer(_ layer: StripLayer, of x: Rows, residual: Rows?, isCheap: Bool) throws -> Rows
  /// A convolution without a norm whose result is used once.
  func lastLayer(_ layer: StripLayer, of x: Rows) throws -> Rows
  /// The same map, stored when it is first used, since it will be used again.
  func kept(_ x: Rows) throws -> Rows
  /// A function of each element.
  func map(_ function: Pointwise, _ x: Rows) throws -> Rows
  /// Channels behind one another.
  func concatenated(_ parts: [Rows]) throws -> Rows
}

/// A convolution with what an evaluator must know of it and of what follows.
package struct StripLayer {
  /// What follows a convolution.
  package enum Norm {
    /// Normalizes each channel over all rows, without parameters.
    case instance(epsilon: Float)
    /// Something that needs no other rows.
    case local(any Normalization)
  }

  /// The convolution.
  package let convolution: any Module
  /// Which rows it needs.
  package let reach: RowReach
  /// What follows.
  package let norm: Norm
  /// The activation, applied after the norm.
  package let activation: Activation

  /// Channels of the result.
  package var outputChannels: Int {
    let filter = convolution.parameters[0].parameter.shape
    if case .transposed = reach { return filter[0] }
    return filter[3]
  }

  init(
    _ convolution: any Module, _ reach: RowReach, _ norm: any Normalization,
    _ activation: Activation
  ) {
    self.convolution = convolution
    self.reach = reach
    self.activation = activation
    self.norm = norm is InstanceNorm ? .instance(epsilon: InstanceNorm.epsilon) : .local(norm)
  }
}

/// A network that can tell an evaluator what it does.
package protocol StripNetwork: Module {
  /// Does to rows what `callAsFunction` does to whole pictures.
  func evaluated<Evaluator: StripEvaluator>(_ x: Evaluator.Rows, by evaluator: Evaluator) throws
    -> Evaluator.Rows
}
