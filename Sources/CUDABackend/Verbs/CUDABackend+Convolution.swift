import ConvolutionCore
import Tensors

// cuDNN pads with zeros only, so a reflected picture is written out with its border first, and a
// gradient's border is folded back.

extension CUDABackend {
  /// See `ConvolutionOperations.convolution`.
  public func convolution(_ x: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec)
    -> Tensor
  {
    let output = spec.outputShape(input: x.shape, filter: filter.shape)
    let (y, written) = makeTensor(output)
    let padded = spec.reflection.map { mirrored(x, $0) } ?? x
    convolver.run(
      problem(.forward, padded.shape, filter.shape, output, spec), input: elements(padded),
      filter: rearranged(filter), output: written)
    if let bias { add(bias, to: written, of: output) }
    return y
  }

  /// See `ConvolutionOperations.convolutionInputGradient`.
  public func convolutionInputGradient(
    _ dy: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec, inputShape: Shape
  ) -> Tensor {
    let output = spec.outputShape(input: inputShape, filter: filter.shape)
    precondition(dy.shape == output, "gradient \(dy.shape) of an output \(output)")
    let padded = spec.reflection.map { inputShape.padded($0) } ?? inputShape
    var (dx, written) = makeTensor(padded)
    convolver.run(
      problem(.inputGradient, padded, filter.shape, output, spec), input: written,
      filter: rearranged(filter), output: elements(dy))
    if let amount = spec.reflection {
      (dx, written) = folded(written, to: inputShape, amount)
    }
    if let bias { add(bias, to: written, of: inputShape) }
    return dx
  }

  /// See `ConvolutionOperations.convolutionFilterGradient`.
  public func convolutionFilterGradient(
    _ x: Tensor, _ dy: Tensor, _ spec: ConvolutionSpec, filterShape: Shape
  ) -> Tensor {
    let output = spec.outputShape(input: x.shape, filter: filterShape)
    precondition(dy.shape == output, "gradient \(dy.shape) of an output \(output)")
    let padded = spec.reflection.map { mirrored(x, $0) } ?? x
    let dw = CUDAElements(floats: filterShape.count, on: device)
    convolver.run(
      problem(.filterGradient, padded.shape, filterShape, output, spec), input: elements(padded),
      filter: dw, output: elements(dy))
    // From cuDNN's order of the axes to ours.
    return Tensor(
      filterShape,
      on: exchanged(
        dw, outer: filterShape[3], taps: filterShape[1] * filterShape[2], inner: filterShape[0]))
  }

  private func problem(
    _ verb: ConvolutionProblem.Verb, _ input: Shape, _ filter: Shape, _ output: Shape,
    _ spec: ConvolutionSpec
  ) -> ConvolutionProblem {
    ConvolutionProblem(
      verb: verb, input: input, filter: filter, output: output, stride: spec.stride,
      padding: spec.reflection == nil ? spec.padding.amount : 0)
  }
}

// MARK: - Borders and filters

extension CUDABackend {
  /// A picture with its mirrored border.
  private func mirrored(_ x: Tensor, _ amount: Int) -> Tensor {
    let (padded, written) = makeTensor(x.shape.padded(amount))
    device.launch(
      .mirror, .elements(padded.count), .elements(elements(x)), .elements(written),
      .count(padded.count), .signed(x.shape.height), .signed(x.shape.width),
      .count(x.shape.channels), .signed(amount))
    return padded
  }

  /// The adjoint of `mirrored`.
  private func folded(_ dy: CUDAElements, to shape: Shape, _ amount: Int)
    -> (tensor: Tensor, elements: CUDAElements)
  {
    let dx = makeTensor(shape)
    device.launch(
      .mirrorAdjoint, .elements(shape.count), .elements(dy), .elements(dx.elements),
      .count(shape.count), .signed(shape.height), .signed(shape.width), .count(shape.channels),
      .signed(amount))
    return dx
  }

  /// A filter `[I, KH, KW, O]` as `[O, KH, KW, I]`, which cuDNN wants; kept until it changes.
  private func rearranged(_ filter: Tensor) -> CUDAElements {
    let (shape, source) = (filter.shape, elements(filter))
    return filter.derivedElements("OHWI \(ObjectIdentifier(device))") {
      exchanged(source, outer: shape[0], taps: shape[1] * shape[2], inner: shape[3])
    }
  }

  /// `[outer, taps, inner]` as `[inner, taps, outer]`.
  private func exchanged(_ source: CUDAElements, outer: Int, taps: Int, inner: Int) -> CUDAElements
  {
    let tile = 32
    let result = CUDAElements(floats: outer * taps * inner, on: device)
    let shape = LaunchShape(
      grid: ((inner + tile - 1) / tile, (outer + tile - 1) / tile, taps), block: (tile, 8))
    device.launch(
      .filter, shape, .elements(source), .elements(result), .count(outer), .count(taps),
      .count(inner))
    return result
  }
}

extension ConvolutionSpec {
  /// Pixels of a mirrored border; nil where there is none.
  fileprivate var reflection: Int? {
    if case .reflect(let amount) = padding, amount > 0 { amount } else { nil }
  }
}

extension Shape {
  fileprivate func padded(_ amount: Int) -> Shape {
    Shape(
      batch: batch, height: height + 2 * amount, width: width + 2 * amount, channels: channels)
  }
}
