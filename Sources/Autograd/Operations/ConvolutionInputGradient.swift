import ConvolutionCore
import Tensors

/// The adjoint of `convolution` in its input; used forwards, a transposed convolution.
///
/// - Parameters:
///   - dy: `[N, OH, OW, O]`.
///   - filter: `[I, KH, KW, O]`, of the convolution whose adjoint this is.
///   - bias: `[I]`; nil for none.
///   - inputShape: `[N, H, W, I]`; stride leaves it open, so it has to be told.
/// - Returns: `[N, H, W, I]`.
public func convolutionInputGradient(
  _ dy: Variable, filter: Variable, bias: Variable? = nil, _ spec: ConvolutionSpec,
  inputShape: Shape
) -> Variable {
  let dx = dy.tape.backend.convolutionInputGradient(
    dy.value, filter: filter.value, bias: bias?.value, spec, inputShape: inputShape)
  let kept = KeptVariable(dy)
  return dy.tape.record(dx, from: [dy, filter] + (bias.map { [$0] } ?? [])) { pull in
    [
      pull.wants(0) ? convolution(pull.dy, filter: filter, spec) : nil,
      pull.wants(1)
        ? convolutionFilterGradient(
          pull.dy, kept.variable(on: pull.dy.tape), spec, filterShape: filter.shape) : nil,
      bias.flatMap { pull.wants(2) ? pull.dy.sum(to: $0.shape) : nil },
    ]
  }
}
