import ConvolutionCore

/// Adam over any number of parameters, as PyTorch has it.
///
/// - SeeAlso: Kingma and Ba, arXiv:1412.6980.
public final class Adam: Optimizer {
  /// The numbers that stay the same over a training.
  public struct Options: Codable, Hashable, Sendable {
    /// Weight of the past in the first moment.
    public var beta1: Double
    /// Weight of the past in the second moment.
    public var beta2: Double
    /// Added to the root of the second moment.
    public var epsilon: Double

    /// Creates options; the reference's by default.
    public init(beta1: Double = 0.5, beta2: Double = 0.999, epsilon: Double = 1e-8) {
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
    }
  }

  private let options: Options
  private let backend: any Backend
  private var steps = 0
  private var remembered: RememberedParameters

  /// Creates an optimizer of those parameters that are trained.
  ///
  /// - Parameters:
  ///   - parameters: With paths that tell them apart: `generatorAB.model.1.weight`.
  ///   - options: The moments' decay.
  ///   - backend: The device that computes.
  public init(_ parameters: [NamedParameter], _ options: Options, on backend: any Backend) {
    self.options = options
    self.backend = backend
    remembered = RememberedParameters(parameters, hasFirstMoments: true)
  }

  /// See `Optimizer.step`.
  public func step(learningRate: Double) {
    steps += 1
    remembered.move(
      AdamStep(
        learningRate: learningRate, beta1: options.beta1, beta2: options.beta2,
        epsilon: options.epsilon, step: steps), on: backend)
  }

  /// See `Optimizer.state`: moments `first` and `second`.
  public var state: OptimizerState {
    get {
      OptimizerState(
        steps: steps,
        moments: [
          "first": remembered.firstMoments?.named ?? [:],
          "second": remembered.secondMoments.named,
        ])
    }
    set {
      steps = newValue.steps
      remembered.firstMoments?.named = newValue.moments["first"] ?? [:]
      remembered.secondMoments.named = newValue.moments["second"] ?? [:]
    }
  }
}
