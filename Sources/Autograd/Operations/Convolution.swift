import ConvolutionCore
import Tensors

/// Cross-correlates pictures with a filter.
///
/// - Parameters:
///   - x: Input `[N, H, W, I]`.
///   - filter: `[I, KH, KW, O]`.
///   - bias: `[O]`; nil for none.
/// - Returns: `[N, OH, OW, O]`.
public func convolution(
  _ x: Variable, filter: Variable, bias: Variable? = nil, _ spec: ConvolutionSpec
) -> Variable {
  let backend = x.tape.backend
  let y = backend.convolution(x.value, filter: filter.value, bias: bias?.value, spec)
  let kept = KeptVariable(x)
  return x.tape.record(y, from: [x, filter] + (bias.map { [$0] } ?? [])) { pull in
    let dy = pull.dy
    func x() -> Variable { kept.variable(on: dy.tape) }
    let biasGradient = bias.flatMap { pull.wants(2) ? dy.sum(to: $0.shape) : nil }
    if pull.wants(0), pull.wants(1), !dy.tape.isRecording {
      let both = backend.convolutionGradients(x().value, filter: filter.value, dy.value, spec)
      return [dy.tape.constant(both.input), dy.tape.constant(both.filter), biasGradient]
    }
    return [
      pull.wants(0)
        ? convolutionInputGradient(dy, filter: filter, spec, inputShape: kept.shape) : nil,
      pull.wants(1) ? convolutionFilterGradient(x(), dy, spec, filterShape: filter.shape) : nil,
      biasGradient,
    ]
  }
}
