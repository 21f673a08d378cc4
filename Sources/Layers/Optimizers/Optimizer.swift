import ConvolutionCore
import Tensors

/// Moves parameters along their gradients, and remembers something of the past for that.
public protocol Optimizer: AnyObject {
  /// Moves each parameter along its gradient and forgets the gradient.
  ///
  /// Parameters without a gradient stay as they are.
  func step(learningRate: Double)

  /// The memory; setting it continues a training.
  ///
  /// Traps unless it holds the moments of just these parameters.
  var state: OptimizerState { get set }
}

/// All that a resumed training needs of an optimizer.
public struct OptimizerState {
  /// Steps made so far.
  public var steps: Int
  /// What is remembered of each parameter, by its path: `first` and `second` moments.
  public var moments: [String: [String: Tensor]]

  /// Collects the two.
  public init(steps: Int, moments: [String: [String: Tensor]]) {
    self.steps = steps
    self.moments = moments
  }
}

/// An optimizer by its kind and numbers.
public enum OptimizerDescription: Codable, Hashable, Sendable {
  /// First and second moments; Kingma and Ba, arXiv:1412.6980.
  case adam(beta1: Double, beta2: Double)
  /// A mean of squares with the weight `decay` of the past; Tieleman and Hinton, 2012.
  case rmsProp(decay: Double)

  /// Creates the optimizer of those parameters that are trained.
  public func optimizer(_ parameters: [NamedParameter], on backend: any Backend) -> any Optimizer {
    switch self {
    case .adam(let beta1, let beta2):
      Adam(parameters, Adam.Options(beta1: beta1, beta2: beta2), on: backend)
    case .rmsProp(let decay): RMSProp(parameters, decay: decay, on: backend)
    }
  }
}
