import ConvolutionCore

/// RMSProp over any number of parameters, as PyTorch has it: each gradient divided by the root of
/// the running mean of its square.
///
/// It has no momentum, which a critic that changes under the generator's feet does not stand.
/// - SeeAlso: Tieleman and Hinton, Lecture 6.5, 2012; Arjovsky et al., arXiv:1701.07875.
public final class RMSProp: Optimizer {
  private let decay: Double
  private let epsilon: Double
  private let backend: any Backend
  private var steps = 0
  private var remembered: RememberedParameters

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
    self.decay = decay
    self.epsilon = epsilon
    self.backend = backend
    // Without a weight of its past, the first moment is the gradient itself.
    remembered = RememberedParameters(parameters, hasFirstMoments: false)
  }

  /// See `Optimizer.step`.
  public func step(learningRate: Double) {
    steps += 1
    remembered.move(
      AdamStep(rmsProp: learningRate, decay: decay, epsilon: epsilon), on: backend)
  }

  /// See `Optimizer.state`: moments `second`.
  public var state: OptimizerState {
    get { OptimizerState(steps: steps, moments: ["second": remembered.secondMoments.named]) }
    set {
      steps = newValue.steps
      remembered.secondMoments.named = newValue.moments["second"] ?? [:]
    }
  }
}
