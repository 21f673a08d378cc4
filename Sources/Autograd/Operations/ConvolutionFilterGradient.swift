import ConvolutionCore
import Tensors

/// The adjoint of `convolution` in its filter.
///
/// - Parameters:
///   - x: `[N, H, W, I]`.
///   - dy: `[N, OH, OW, O]`.
///   - filterShape: `[I, KH, KW, O]`.
/// - Returns: Gradient of the filter, summed over pictures and pixels.
public func convolutionFilterGradient(
  _ x: Variable, _ dy: Variable, _ spec: ConvolutionSpec, filterShape: Shape
) -> Variable {
  x.tape.record(
    x.tape.backend.convolutionFilterGradient(x.value, dy.value, spec, filterShape: filterShape),
    (
      x,
      { filter in convolutionInputGradient(dy, filter: filter, spec, inputShape: x.shape) }
    ),
    (dy, { filter in convolution(x, filter: filter, spec) }))
}
