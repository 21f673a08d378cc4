import Tensors

/// Convolution in three verbs that are closed under differentiation: the derivative of each is the
/// other two.
///
/// A transposed convolution is the input gradient, used forwards.
public protocol ConvolutionOperations: Sendable {
  /// Cross-correlates pictures with a filter, as the field's "convolution" does.
  ///
  /// - Parameters:
  ///   - x: Input `[N, H, W, I]`.
  ///   - filter: `[I, KH, KW, O]`.
  ///   - bias: `[O]`, added to every pixel; nil for none.
  /// - Returns: `[N, OH, OW, O]` as `ConvolutionSpec.outputShape` has it.
  func convolution(_ x: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec) -> Tensor

  /// The adjoint of `convolution` in its input; used forwards, a transposed convolution.
  ///
  /// - Parameters:
  ///   - dy: Gradient of the output, `[N, OH, OW, O]`.
  ///   - filter: `[I, KH, KW, O]`, of the convolution whose adjoint this is.
  ///   - bias: `[I]`, added to every pixel of the result; nil for none.
  ///   - inputShape: `[N, H, W, I]`; stride leaves it open, so it has to be told.
  /// - Returns: Gradient of the input, `[N, H, W, I]`.
  func convolutionInputGradient(
    _ dy: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec, inputShape: Shape
  ) -> Tensor

  /// The adjoint of `convolution` in its filter.
  ///
  /// - Parameters:
  ///   - x: Input `[N, H, W, I]`.
  ///   - dy: Gradient of the output, `[N, OH, OW, O]`.
  ///   - filterShape: `[I, KH, KW, O]`.
  /// - Returns: Gradient of the filter, summed over pictures and pixels.
  func convolutionFilterGradient(
    _ x: Tensor, _ dy: Tensor, _ spec: ConvolutionSpec, filterShape: Shape
  ) -> Tensor

  /// Both gradients of one convolution; a device may share work between them.
  ///
  /// - Returns: What `convolutionInputGradient` and `convolutionFilterGradient` return.
  func convolutionGradients(_ x: Tensor, filter: Tensor, _ dy: Tensor, _ spec: ConvolutionSpec)
    -> (input: Tensor, filter: Tensor)
}

extension ConvolutionOperations {
  /// The two verbs one after the other.
  public func convolutionGradients(
    _ x: Tensor, filter: Tensor, _ dy: Tensor, _ spec: ConvolutionSpec
  ) -> (input: Tensor, filter: Tensor) {
    (
      convolutionInputGradient(dy, filter: filter, bias: nil, spec, inputShape: x.shape),
      convolutionFilterGradient(x, dy, spec, filterShape: filter.shape)
    )
  }
}
