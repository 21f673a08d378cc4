import Glibc
import Tensors

/// The numbers of one step of Adam, the same for every parameter.
///
/// - SeeAlso: Kingma and Ba, arXiv:1412.6980.
public struct AdamStep: Hashable, Sendable {
  /// Weight of the past in the first moment.
  public let beta1: Double
  /// Weight of the past in the second moment.
  public let beta2: Double
  /// Added to the corrected root of the second moment.
  public let epsilon: Double
  /// Learning rate divided by the first moment's bias correction, 1 − β₁ᵗ.
  public let stepSize: Double
  /// Root of the second moment's bias correction, √(1 − β₂ᵗ).
  public let rootCorrection: Double

  /// Prepares step number `step`, counted from 1.
  public init(learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, step: Int) {
    precondition(step >= 1, "Adam counts its steps from 1, found \(step)")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    stepSize = learningRate / (1 - pow(beta1, Double(step)))
    rootCorrection = (1 - pow(beta2, Double(step))).squareRoot()
  }

  /// Prepares a step of RMSProp, which is Adam without a first moment and without corrections.
  ///
  /// - Parameters:
  ///   - rate: The learning rate.
  ///   - decay: Weight of the past in the mean of squares.
  ///   - epsilon: Added to the root of that mean.
  public init(rmsProp rate: Double, decay: Double, epsilon: Double) {
    beta1 = 0
    beta2 = decay
    self.epsilon = epsilon
    stepSize = rate
    rootCorrection = 1
  }
}

/// What a step of Adam changes together: a parameter and what is remembered of it, of one shape.
public struct AdamTerm: Sendable {
  /// p.
  public var parameter: Tensor
  /// g.
  public let gradient: Tensor
  /// m, zeros before the first step; nil where the past has no weight in it (β₁ = 0), so that it is
  /// the gradient itself and needs no memory.
  public var firstMoment: Tensor?
  /// v, zeros before the first step.
  public var secondMoment: Tensor

  /// Collects the tensors; traps unless they have one shape.
  public init(
    parameter: Tensor, gradient: Tensor, firstMoment: Tensor?, secondMoment: Tensor
  ) {
    let shape = parameter.shape
    precondition(
      gradient.shape == shape && secondMoment.shape == shape
        && (firstMoment.map { $0.shape == shape } ?? true),
      "parameter \(shape), gradient \(gradient.shape)")
    self.parameter = parameter
    self.gradient = gradient
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
  }
}

/// Updates of parameters in place.
public protocol OptimizerOperations: Sendable {
  /// One step of Adam over any number of tensors, with PyTorch's order of operations:
  /// m ← m + (1 − β₁)(g − m), v ← β₂v + (1 − β₂)g², p ← p − stepSize · m / (√v / rootCorrection + ε).
  ///
  /// Tensors that nobody else refers to are changed where they are.
  func adam(_ terms: inout [AdamTerm], _ step: AdamStep)

  /// Moves a tensor a share of the way to another: x ← x + share · (y − x).
  ///
  /// - Parameters:
  ///   - x: What is moved.
  ///   - y: Where to, of the same shape.
  ///   - share: 0 leaves x as it is, 1 makes it y.
  func blend(_ x: inout Tensor, toward y: Tensor, share: Float)

  /// Moves the elements that lie outside −limit…limit to its ends.
  func clip(_ x: inout Tensor, to limit: Float)
}
