import Tensors

/// A piecewise linear activation that normalization applies in the same pass.
public enum Activation: Hashable, Sendable {
  /// x.
  case identity
  /// max(x, 0).
  case relu
  /// x where positive, `slope`·x elsewhere; `slope` in 0…1.
  case leakyReLU(slope: Float)

  /// What negative inputs are multiplied by: 1, 0, or the leak.
  public var negativeSlope: Float {
    switch self {
    case .identity: 1
    case .relu: 0
    case .leakyReLU(let slope): slope
    }
  }
}

/// What normalization measured of its input: one value per picture and channel, `[N, 1, 1, C]`.
public struct NormStatistics: Sendable {
  /// Mean over the picture's pixels.
  public let mean: Tensor
  /// 1 / √(variance + ε), the variance biased (divided by the number of pixels).
  public let inverseDeviation: Tensor

  /// Pairs the two.
  public init(mean: Tensor, inverseDeviation: Tensor) {
    self.mean = mean
    self.inverseDeviation = inverseDeviation
  }

  /// Statistics from sums over the pixels of each picture's channels.
  ///
  /// - Parameters:
  ///   - plain: Σ (x − origin), one per picture and channel.
  ///   - squares: Σ (x − origin)², likewise.
  ///   - origins: What the sums are about, likewise.
  ///   - pixels: How many were added up.
  ///   - batch: Pictures.
  ///   - epsilon: Added to the variance.
  package init(
    plain: [Double], squares: [Double], about origins: [Float], pixels: Int, batch: Int,
    epsilon: Float
  ) {
    var means: [Float] = [], inverses: [Float] = []
    for (index, origin) in origins.enumerated() {
      let shift = plain[index] / Double(pixels)
      let variance = max(0, squares[index] / Double(pixels) - shift * shift)
      means.append(Float(Double(origin) + shift))
      inverses.append(Float(1 / (variance + Double(epsilon)).squareRoot()))
    }
    let shape: Shape = [batch, 1, 1, origins.count / batch]
    self.init(mean: Tensor(shape, means), inverseDeviation: Tensor(shape, inverses))
  }
}

/// Instance norm fused with what follows it.
///
/// Batch norm is the same operation on `[1, N·H, W, C]`: reshape, normalize, reshape back.
/// - SeeAlso: Ulyanov et al., arXiv:1607.08022.
public protocol NormalizationOperations: Sendable {
  /// activation(x̂ · scale + shift) + residual, where x̂ has mean 0 and variance 1 over each
  /// picture's pixels, channel by channel.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]`.
  ///   - epsilon: Added to the variance; the reference uses 1e-5.
  ///   - scale, shift: `[C]` each, both or neither.
  ///   - residual: `[N, H, W, C]`, added last; nil for none.
  /// - Returns: The result, shaped as `x`, and the statistics that the gradient needs.
  func normalize(
    _ x: Tensor, epsilon: Float, scale: Tensor?, shift: Tensor?, activation: Activation,
    residual: Tensor?
  ) -> (output: Tensor, statistics: NormStatistics)

  /// What `normalize` would measure of its input.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]`.
  ///   - epsilon: Added to the variance.
  func statistics(of x: Tensor, epsilon: Float) -> NormStatistics

  /// The output of `normalize` made from what was measured before, of the same input or another.
  ///
  /// - Parameters:
  ///   - x: `[N, H, W, C]`.
  ///   - scale, shift, activation: As given to `normalize`; no residual.
  func normalize(
    _ x: Tensor, using statistics: NormStatistics, scale: Tensor?, shift: Tensor?,
    activation: Activation
  ) -> Tensor

  /// The adjoint of `normalize` (the residual's gradient is `dy` itself).
  ///
  /// - Parameters:
  ///   - dy: Gradient of the output, `[N, H, W, C]`.
  ///   - x: The input of `normalize`.
  ///   - scale, shift, activation: As given to `normalize`.
  /// - Returns: Gradient of `x`; gradients `[C]` of scale and shift if these were given.
  func normalizeGradient(
    _ dy: Tensor, x: Tensor, statistics: NormStatistics, scale: Tensor?, shift: Tensor?,
    activation: Activation
  ) -> (input: Tensor, scale: Tensor?, shift: Tensor?)
}
