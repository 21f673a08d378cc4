import Autograd
import ConvolutionCore
import Tensors

/// Normalizes each channel over the batch in training, and by what was measured then in use.
///
/// - SeeAlso: Ioffe and Szegedy, arXiv:1502.03167.
public final class BatchNorm: Normalization {
  private let scale: Parameter
  private let shift: Parameter
  private let runningMean: Parameter
  private let runningVariance: Parameter
  private let epsilon: Float
  private let momentum: Float

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - channels: Channels of the input.
  ///   - epsilon: Added to the variance.
  ///   - momentum: Weight of the newest batch in the running statistics.
  public init(channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1) {
    scale = Parameter([channels], role: .scale)
    shift = Parameter([channels], role: .shift)
    runningMean = Parameter([channels], role: .runningMean)
    runningVariance = Parameter([channels], role: .runningVariance)
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// `weight`, `bias`, `running_mean` and `running_var`.
  public var parameters: [NamedParameter] {
    [
      NamedParameter("weight", scale), NamedParameter("bias", shift),
      NamedParameter("running_mean", runningMean), NamedParameter("running_var", runningVariance),
    ]
  }

  /// activation(norm(x)) + residual.
  public func callAsFunction(_ x: Variable, activation: Activation, residual: Variable?)
    -> Variable
  {
    x.tape.isTraining
      ? trained(x, activation: activation, residual: residual)
      : used(x, activation: activation, residual: residual)
  }

  /// The batch as one tall picture, whose channels instance norm normalizes.
  private func trained(_ x: Variable, activation: Activation, residual: Variable?) -> Variable {
    let shape = x.shape
    let tall = Shape(
      batch: 1, height: shape.batch * shape.height, width: shape.width, channels: shape.channels)
    let (y, statistics) = instanceNorm(
      x.reshaped(tall), epsilon: epsilon, scale: scale.on(x.tape), shift: shift.on(x.tape),
      activation: activation, residual: residual?.reshaped(tall))
    remember(statistics, pixels: tall.height * tall.width)
    return y.reshaped(shape)
  }

  private func used(_ x: Variable, activation: Activation, residual: Variable?) -> Variable {
    let tape = x.tape
    let deviation = (tape.constant(runningVariance.value) + epsilon).squareRoot()
    let factor = scale.on(tape) * deviation.map(.reciprocal)
    let offset = shift.on(tape) - factor * tape.constant(runningMean.value)
    let y = (x * factor + offset).activated(activation)
    return residual.map { y + $0 } ?? y
  }

  /// Moves the running statistics towards those of a batch; the variance is the unbiased one.
  private func remember(_ statistics: NormStatistics, pixels: Int) {
    let unbiased = Float(pixels) / Float(max(1, pixels - 1))
    for channel in 0..<runningMean.shape.count {
      let inverse = statistics.inverseDeviation[channel]
      let variance = max(0, 1 / (inverse * inverse) - epsilon) * unbiased
      runningMean.value[channel] +=
        momentum * (statistics.mean[channel] - runningMean.value[channel])
      runningVariance.value[channel] += momentum * (variance - runningVariance.value[channel])
    }
  }
}
