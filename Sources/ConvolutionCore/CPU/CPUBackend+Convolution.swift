import CKernels
import Tensors

extension CPUBackend {
  /// See `ConvolutionOperations.convolution`.
  public func convolution(_ x: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec)
    -> Tensor
  {
    let geometry = ConvolutionGeometry(input: x.shape, filter: filter.shape, spec)
    check(bias, channels: geometry.outputChannels)
    guard let winograd = winograd(for: geometry) else {
      return directConvolution(x, filter: filter, bias: bias, geometry)
    }
    let y = Tensor(uninitialized: geometry.outputShape)
    withExtendedLifetime((x, y, bias)) {
      winograd.convolution(x.map, filter: filter, bias: bias, into: y.map)
    }
    return y
  }

  /// See `ConvolutionOperations.convolutionInputGradient`.
  public func convolutionInputGradient(
    _ dy: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec, inputShape: Shape
  ) -> Tensor {
    let geometry = ConvolutionGeometry(input: inputShape, filter: filter.shape, spec)
    check(dy, is: geometry.outputShape)
    check(bias, channels: geometry.inputChannels)
    guard bias == nil, let winograd = winograd(for: geometry) else {
      return directInputGradient(dy, filter: filter, bias: bias, geometry)
    }
    let dx = Tensor(uninitialized: geometry.inputShape)
    withExtendedLifetime((dy, dx)) {
      winograd.gradients(
        x: nil, filter: filter, dy: dy.map, inputGradient: dx.map, filterGradient: nil)
    }
    return dx
  }

  /// See `ConvolutionOperations.convolutionFilterGradient`.
  public func convolutionFilterGradient(
    _ x: Tensor, _ dy: Tensor, _ spec: ConvolutionSpec, filterShape: Shape
  ) -> Tensor {
    let geometry = ConvolutionGeometry(input: x.shape, filter: filterShape, spec)
    check(dy, is: geometry.outputShape)
    guard let winograd = winograd(for: geometry) else {
      return directFilterGradient(x, dy, geometry)
    }
    let dw = Tensor(uninitialized: filterShape)
    withExtendedLifetime((x, dy, dw)) {
      winograd.gradients(
        x: x.map, filter: dw, dy: dy.map, inputGradient: nil, filterGradient: dw.storage.pointer)
    }
    return dw
  }

  /// See `ConvolutionOperations.convolutionGradients`: Winograd shares the transform of `dy`.
  public func convolutionGradients(
    _ x: Tensor, filter: Tensor, _ dy: Tensor, _ spec: ConvolutionSpec
  ) -> (input: Tensor, filter: Tensor) {
    let geometry = ConvolutionGeometry(input: x.shape, filter: filter.shape, spec)
    check(dy, is: geometry.outputShape)
    guard let winograd = winograd(for: geometry) else {
      return (
        directInputGradient(dy, filter: filter, bias: nil, geometry),
        directFilterGradient(x, dy, geometry)
      )
    }
    let dx = Tensor(uninitialized: x.shape), dw = Tensor(uninitialized: filter.shape)
    withExtendedLifetime((x, dy, dx, dw)) {
      winograd.gradients(
        x: x.map, filter: filter, dy: dy.map, inputGradient: dx.map,
        filterGradient: dw.storage.pointer)
    }
    return (dx, dw)
  }

  /// Winograd for this layer, or nil where direct convolution is meant or better.
  private func winograd(for g: ConvolutionGeometry) -> WinogradConvolution? {
    guard g.stride == 1, g.kernelHeight == g.kernelWidth,
      g.inputChannels % 16 == 0, g.outputChannels % 16 == 0,
      // A handful of pixels does not pay for transforming the filter.
      algorithm != .auto || g.batch * g.outputHeight * g.outputWidth >= 64
    else { return nil }
    switch (algorithm, g.kernelHeight) {
    case (.direct, _): return nil
    case (.winograd2, 3): return WinogradConvolution(kind: WINOGRAD_2X2_3X3, g, self)
    case (.auto, 3), (.winograd4, 3): return WinogradConvolution(kind: WINOGRAD_4X4_3X3, g, self)
    case (.auto, 4), (.winograd4, 4): return WinogradConvolution(kind: WINOGRAD_3X3_4X4, g, self)
    default: return nil
    }
  }

  private func check(_ dy: Tensor, is shape: Shape) {
    precondition(dy.shape == shape, "a gradient of \(dy.shape) for an output of \(shape)")
  }

  private func check(_ bias: Tensor?, channels: Int) {
    precondition(
      bias == nil || bias?.count == channels, "\(bias!.count) biases for \(channels) channels")
  }
}
