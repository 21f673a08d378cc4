import CKernels
import Tensors

extension CPUBackend {
  /// See `ConvolutionOperations.convolution`.
  public func convolution(_ x: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec)
    -> Tensor
  {
    let geometry = ConvolutionGeometry(input: x.shape, filter: filter.shape, spec)
    check(bias, channels: geometry.outputChannels)
    if let window = WholeWindow(geometry, on: self) {
      return window.convolution(x, filter: filter, bias: bias)
    }
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
    if let window = WholeWindow(geometry, on: self) {
      return window.inputGradient(dy, filter: filter, bias: bias)
    }
    guard let winograd = winograd(for: geometry) else {
      return directInputGradient(dy, filter: filter, bias: bias, geometry)
    }
    let dx = Tensor(uninitialized: geometry.inputShape)
    withExtendedLifetime((dy, dx, bias)) {
      winograd.gradients(
        x: nil, filter: filter, dy: dy.map, inputGradient: dx.map, bias: bias, filterGradient: nil)
    }
    return dx
  }

  /// See `ConvolutionOperations.convolutionFilterGradient`.
  public func convolutionFilterGradient(
    _ x: Tensor, _ dy: Tensor, _ spec: ConvolutionSpec, filterShape: Shape
  ) -> Tensor {
    let geometry = ConvolutionGeometry(input: x.shape, filter: filterShape, spec)
    check(dy, is: geometry.outputShape)
    if let window = WholeWindow(geometry, on: self) { return window.filterGradient(x, dy) }
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
    if let window = WholeWindow(geometry, on: self) {
      return (
        window.inputGradient(dy, filter: filter, bias: nil), window.filterGradient(x, dy)
      )
    }
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
    guard g.stride == 1 || canBeSplit(g), g.kernelHeight == g.kernelWidth,
      g.inputChannels % 16 == 0, g.outputChannels % 16 == 0,
      // Behind a wider mirrored border, rows of tiles that lie apart meet in the input's gradient.
      !g.reflects || g.padding <= 1,
      // A handful of pixels does not pay for transforming the filter.
      algorithm != .auto || g.batch * g.outputHeight * g.outputWidth >= 64
    else { return nil }
    switch (algorithm, g.kernelHeight, g.stride) {
    case (.winograd2, 3, 1): return WinogradConvolution(kind: WINOGRAD_2X2_3X3, g, self)
    case (.direct, _, _), (.winograd2, _, _): return nil
    case (_, 3, 1): return WinogradConvolution(kind: WINOGRAD_4X4_3X3, g, self)
    case (_, 4, 1): return WinogradConvolution(kind: WINOGRAD_3X3_4X4, g, self)
    case (_, 3...4, 2): return WinogradConvolution(kind: WINOGRAD_4X4_2X2, g, self)
    default: return nil
    }
  }

  /// Whether a layer can be cut into phases: a mirrored border would mix them.
  private func canBeSplit(_ g: ConvolutionGeometry) -> Bool { g.stride == 2 && !g.reflects }

  private func check(_ dy: Tensor, is shape: Shape) {
    precondition(dy.shape == shape, "a gradient of \(dy.shape) for an output of \(shape)")
  }

  private func check(_ bias: Tensor?, channels: Int) {
    precondition(
      bias == nil || bias?.count == channels, "\(bias!.count) biases for \(channels) channels")
  }
}
