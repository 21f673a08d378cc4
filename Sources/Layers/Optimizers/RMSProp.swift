import ConvolutionCore
import Tensors

/// RMSProp over any number of parameters, as PyTorch has it: each gradient divided by the root of
/// the running mean of its square.
///
/// It has no momentum, which a critic that changes under the generator's feet does not stand.
/// - SeeAlso: Tieleman and Hinton, Lecture 6.5, 2012; Arjovsky et al., arXiv:1701.07875.
public final class RMSProp: Optimizer {
  private let parameters: [NamedParameter]
  private let decay: Double
  private let epsilon: Double
  private let backend: any Backend
  private var steps = 0
  private var squares: Moments

  /// Creates an optimizer of those parameters that are trained.
  ///
  /// - Parameters:
  ///   - parameters: With paths that tell them apart.
  ///   - decay: Weight of the past in the mean of squares.
  ///   - epsilon: Added to the root of that mean.
  ///   - backend: The device that computes.
  public init(
    _ parameters: [NamedParameter], decay: Double = 0.99, epsilon: Double = 1e-8,
    on backend: any Backend
  ) {
    self.parameters = parameters.filter(\.parameter.role.isTrained)
    self.decay = decay
    self.epsilon = epsilon
    self.backend = backend
    squares = Moments(of: self.parameters)
  }

  /// See `Optimizer.step`.
  public func step(learningRate: Double) {
    steps += 1
    let step = AdamStep(rmsProp: learningRate, decay: decay, epsilon: epsilon)
    for (index, named) in parameters.enumerated() {
      guard let gradient = named.parameter.gradient else { continue }
      named.parameter.gradient = nil
      // Without a weight of its past, the first moment is the gradient itself.
      var firstMoment = gradient
      backend.adam(
        &named.parameter.value, gradient: gradient, firstMoment: &firstMoment,
        secondMoment: &squares.values[index], step)
    }
  }

  /// See `Optimizer.state`: moments `second`.
  public var state: OptimizerState {
    get { OptimizerState(steps: steps, moments: ["second": squares.named]) }
    set {
      steps = newValue.steps
      squares.named = newValue.moments["second"] ?? [:]
    }
  }
}
