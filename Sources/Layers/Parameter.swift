import Autograd
import ConvolutionCore
import Tensors

/// A tensor that belongs to a layer and, mostly, is trained.
public final class Parameter {
  /// What a parameter is for: decides its first value and whether it is trained.
  public enum Role: Hashable, Sendable {
    /// Filter of a convolution, `[I, KH, KW, O]`, or matrix `[I, O]`: starts normally distributed
    /// about 0.
    case weight
    /// What stands for a word, one column each: starts normally distributed with deviation 1.
    case embedding
    /// Added to each channel: starts at 0.
    case bias
    /// A bias in front of a norm that subtracts it again: kept for the file's sake, not computed.
    case inertBias
    /// Multiplies a normalized channel: starts normally distributed about 1.
    case scale
    /// Added to a normalized channel: starts at 0.
    case shift
    /// Mean over past batches: measured, not trained; starts at 0.
    case runningMean
    /// Variance over past batches: measured, not trained; starts at 1.
    case runningVariance
    /// Direction that a filter stretches most: measured, not trained; starts at random.
    case singularVector

    /// Whether an optimizer changes it.
    public var isTrained: Bool {
      switch self {
      case .weight, .embedding, .bias, .scale, .shift: true
      case .inertBias, .runningMean, .runningVariance, .singularVector: false
      }
    }

    /// Whether it is measured and not counted among a network's parameters.
    public var isMeasured: Bool {
      switch self {
      case .runningMean, .runningVariance, .singularVector: true
      case .weight, .embedding, .bias, .inertBias, .scale, .shift: false
      }
    }
  }

  /// What it is for.
  public let role: Role
  /// The elements; the shape stays.
  public var value: Tensor {
    didSet {
      precondition(isLent || value.shape == shape, "\(value.shape) for a parameter \(shape)")
    }
  }
  /// Whether somebody changes the value elsewhere.
  private var isLent = false
  /// What has been added up since the last step; nil for nothing.
  public var gradient: Tensor?
  /// The extents.
  public let shape: Shape

  /// Creates a parameter; zeros, or ones for scale and running variance.
  public init(_ shape: Shape, role: Role) {
    self.role = role
    self.shape = shape
    value = Tensor(repeating: role == .scale || role == .runningVariance ? 1 : 0, shape)
  }

  /// Draws the first value of a training.
  ///
  /// - Parameters:
  ///   - random: The numbers, drawn in the order of the elements.
  ///   - gain: Standard deviation of weights and scales; nil for weights as wide as their inputs
  ///     ask for, N(0, 2 / inputs) as He et al. have it (arXiv:1502.01852), and scales of 1.
  public func initialize(using random: inout SeededRandom, gain: Float?) {
    switch role {
    case .weight:
      let inputs = shape.count / max(1, shape[shape.rank - 1])
      let deviation = gain ?? (2 / Float(inputs)).squareRoot()
      value = Tensor(shape) { deviation * random.normal() }
    case .embedding, .singularVector: value = Tensor(shape) { random.normal() }
    case .scale: value = Tensor(shape) { 1 + (gain ?? 0) * random.normal() }
    case .bias, .inertBias, .shift, .runningMean: value = Tensor(zeros: shape)
    case .runningVariance: value = Tensor(repeating: 1, shape)
    }
  }

  /// Hands the value out to be changed in place, since nobody else refers to it then.
  func lendValue() -> Tensor {
    isLent = true
    var lent = Tensor.nothing
    swap(&value, &lent)
    return lent
  }

  /// Takes back what was lent.
  func takeBack(_ lent: Tensor) {
    isLent = false
    value = lent
  }

  /// The parameter as a variable of a tape, the same one for all uses.
  func on(_ tape: Tape) -> Variable { tape.variable(of: self, value) }

  /// Adds to the gradient, in place where possible.
  public func add(_ term: Tensor, on backend: any Backend) {
    if gradient == nil {
      gradient = term
    } else {
      backend.accumulate(&gradient!, adding: term)
    }
  }
}

/// A parameter and the path that the reference implementation gives it.
public struct NamedParameter {
  /// For example `model.10.conv_block.1.weight`.
  public let path: String
  /// The parameter itself.
  public let parameter: Parameter

  /// Pairs the two.
  public init(_ path: String, _ parameter: Parameter) {
    self.path = path
    self.parameter = parameter
  }

  /// The same parameter as seen from outside: `inside("model.4")` makes `weight` `model.4.weight`.
  public func inside(_ module: String) -> NamedParameter {
    NamedParameter("\(module).\(path)", parameter)
  }
}

extension Tape {
  /// Adds the gradients of a scalar to the parameters that it depends on.
  public func accumulateGradients(of loss: Variable, into parameters: [NamedParameter]) {
    let sums = GradientSums()
    sums.add(gradientsOf: loss, for: parameters)
    sums.move(into: parameters, on: backend)
  }
}
