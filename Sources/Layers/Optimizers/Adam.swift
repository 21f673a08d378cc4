import ConvolutionCore
import Tensors

/// Adam over any number of parameters, as PyTorch has it.
///
/// - SeeAlso: Kingma and Ba, arXiv:1412.6980.
public final class Adam {
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

  /// All that a resumed training needs.
  public struct State {
    /// Steps made so far.
    public var steps: Int
    /// First moments by the parameters' paths.
    public var firstMoments: [String: Tensor]
    /// Second moments by the parameters' paths.
    public var secondMoments: [String: Tensor]

    /// Collects the three.
    public init(
      steps: Int, firstMoments: [String: Tensor], secondMoments: [String: Tensor]
    ) {
      self.steps = steps
      self.firstMoments = firstMoments
      self.secondMoments = secondMoments
    }
  }

  private let parameters: [NamedParameter]
  private let options: Options
  private let backend: any Backend
  private var steps = 0
  private var firstMoments: [Tensor]
  private var secondMoments: [Tensor]

  /// Creates an optimizer of those parameters that are trained.
  ///
  /// - Parameters:
  ///   - parameters: With paths that tell them apart: `generatorAB.model.1.weight`.
  ///   - options: The moments' decay.
  ///   - backend: The device that computes.
  public init(_ parameters: [NamedParameter], _ options: Options, on backend: any Backend) {
    self.parameters = parameters.filter(\.parameter.role.isTrained)
    self.options = options
    self.backend = backend
    firstMoments = self.parameters.map { Tensor(zeros: $0.parameter.shape) }
    secondMoments = firstMoments
  }

  /// Moves each parameter along its gradient and forgets the gradient.
  ///
  /// Parameters without a gradient stay as they are.
  public func step(learningRate: Double) {
    steps += 1
    let step = AdamStep(
      learningRate: learningRate, beta1: options.beta1, beta2: options.beta2,
      epsilon: options.epsilon, step: steps)
    for (index, named) in parameters.enumerated() {
      guard let gradient = named.parameter.gradient else { continue }
      named.parameter.gradient = nil
      backend.adam(
        &named.parameter.value, gradient: gradient, firstMoment: &firstMoments[index],
        secondMoment: &secondMoments[index], step)
    }
  }

  /// The state; setting it continues a training.
  ///
  /// Traps unless it holds the moments of just these parameters.
  public var state: State {
    get {
      State(steps: steps, firstMoments: named(firstMoments), secondMoments: named(secondMoments))
    }
    set {
      steps = newValue.steps
      firstMoments = ordered(newValue.firstMoments)
      secondMoments = ordered(newValue.secondMoments)
    }
  }

  private func named(_ moments: [Tensor]) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: zip(parameters.map(\.path), moments))
  }

  private func ordered(_ moments: [String: Tensor]) -> [Tensor] {
    precondition(
      moments.count == parameters.count,
      "\(moments.count) moments for \(parameters.count) parameters")
    return parameters.map { named in
      guard let moment = moments[named.path], moment.shape == named.parameter.shape else {
        preconditionFailure("no moment of shape \(named.parameter.shape) for \(named.path)")
      }
      return moment
    }
  }
}
