import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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

/// Updates of parameters in place.
public protocol OptimizerOperations: Sendable {
  /// One step of Adam over one tensor, with PyTorch's order of operations:
  /// m ← m + (1 − β₁)(g − m), v ← β₂v + (1 − β₂)g², p ← p − stepSize · m / (√v / rootCorrection + ε).
  ///
  /// - Parameters:
  ///   - parameter: p.
  ///   - gradient: g; the four tensors have one shape.
  ///   - firstMoment: m, zeros before the first step.
  ///   - secondMoment: v, zeros before the first step.
  func adam(
    _ parameter: inout Tensor, gradient: Tensor, firstMoment: inout Tensor,
    secondMoment: inout Tensor, _ step: AdamStep)

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
