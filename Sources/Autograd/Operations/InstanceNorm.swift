import ConvolutionCore
import Tensors

/// activation(x̂ · scale + shift) + residual, where x̂ has mean 0 and variance 1 over each picture's
/// pixels, channel by channel.
///
/// - Parameters:
///   - x: `[N, H, W, C]`.
///   - epsilon: Added to the variance.
///   - scale: `[C]`, together with `shift`; nil for none.
///   - shift: `[C]`.
///   - activation: Applied before the residual is added.
///   - residual: `[N, H, W, C]`; nil for none.
/// - Returns: The result, shaped as `x`, and what was measured of `x`.
/// - SeeAlso: Ulyanov et al., arXiv:1607.08022.
public func instanceNorm(
  _ x: Variable, epsilon: Float = 1e-5, scale: Variable? = nil, shift: Variable? = nil,
  activation: Activation = .identity, residual: Variable? = nil
) -> (output: Variable, statistics: NormStatistics) {
  precondition(
    (scale == nil) == (shift == nil), "instance norm with scale but no shift, or reverse")
  if let memory = x.tape.normMemory {
    return instanceNorm(
      x, epsilon: epsilon, scale: scale, shift: shift, activation: activation, residual: residual,
      remembering: memory)
  }
  let backend = x.tape.backend
  let (y, statistics) = backend.normalize(
    x.value, epsilon: epsilon, scale: scale?.value, shift: shift?.value, activation: activation,
    residual: residual?.value)

  // The residual's value is not needed again, so the pullback must not hold it.
  let hasResidual = residual != nil
  let normalized = [x, scale, shift].compactMap { $0 }.count
  let inputs = [x, scale, shift, residual].compactMap { $0 }
  var output = x.tape.record(y, from: inputs) { pull in
    let dy = pull.dy
    var gradients = [Variable?](repeating: nil, count: normalized)
    if (0..<normalized).contains(where: pull.wants) {
      gradients =
        dy.tape.isRecording
        ? differentiableGradient(
          dy, x, epsilon: epsilon, scale: scale, shift: shift, activation: activation)
        : fusedGradient(
          dy, x, statistics, scale: scale, shift: shift, activation: activation)
    }
    if hasResidual { gradients.append(pull.wants(normalized) ? dy : nil) }
    return gradients
  }
  if !hasResidual {
    let (input, scale, shift) = (x.value, scale?.value, shift?.value)
    output.remake = {
      backend.normalize(
        input, using: statistics, scale: scale, shift: shift, activation: activation)
    }
  }
  return (output, statistics)
}

/// Instance norm by what was measured of this frame of a film and of those before it.
private func instanceNorm(
  _ x: Variable, epsilon: Float, scale: Variable?, shift: Variable?, activation: Activation,
  residual: Variable?, remembering memory: NormMemory
) -> (output: Variable, statistics: NormStatistics) {
  let backend = x.tape.backend
  let statistics = memory.blended(backend.statistics(of: x.value, epsilon: epsilon))
  var y = backend.normalize(
    x.value, using: statistics, scale: scale?.value, shift: shift?.value, activation: activation)
  if let residual { backend.accumulate(&y, adding: residual.value) }
  return (x.tape.constant(y), statistics)
}

/// Gradients of x, and of scale and shift where there are some, in one pass of the backend.
private func fusedGradient(
  _ dy: Variable, _ x: Variable, _ statistics: NormStatistics, scale: Variable?, shift: Variable?,
  activation: Activation
) -> [Variable?] {
  let gradient = dy.tape.backend.normalizeGradient(
    dy.value, x: x.value, statistics: statistics, scale: scale?.value, shift: shift?.value,
    activation: activation)
  let all = [gradient.input] + (scale == nil ? [] : [gradient.scale, gradient.shift])
  return all.map { $0.map { dy.tape.constant($0) } }
}

/// The same gradients from operations that have gradients themselves.
private func differentiableGradient(
  _ dy: Variable, _ x: Variable, epsilon: Float, scale: Variable?, shift: Variable?,
  activation: Activation
) -> [Variable?] {
  let plane = Shape(batch: x.shape.batch, height: 1, width: 1, channels: x.shape.channels)
  let centred = x - x.mean(to: plane)
  let inverse = (centred.squared().mean(to: plane) + epsilon).squareRoot().map(.reciprocal)
  let normal = centred * inverse

  var dz = dy
  if activation != .identity {
    // Where an activation bends has no gradient, so constants will do.
    var z = normal.detached
    if let scale, let shift { z = z * scale.detached + shift.detached }
    dz = dy * z.map(.step(slope: activation.negativeSlope))
  }
  let dNormal = scale.map { dz * $0 } ?? dz
  let dx =
    (dNormal - dNormal.mean(to: plane) - normal * (dNormal * normal).mean(to: plane)) * inverse
  guard let scale, let shift else { return [dx] }
  return [dx, (dz * normal).sum(to: scale.shape), dz.sum(to: shift.shape)]
}
