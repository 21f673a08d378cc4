import ConvolutionCore
import Tensors

// cuDNN pads with zeros only, so a reflected picture is written out with its border first, and a
// gradient's border is folded back.

extension CUDABackend {
  /// See `ConvolutionOperations.convolution`.
  public func convolution(_ x: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec)
    -> Tensor
  {
    let problem = problem(.forward, x.shape, filter.shape, spec)
    let (y, written) = makeTensor(problem.output, activations)
    convolver.run(
      problem, input: padded(x, spec), filter: rearranged(filter), output: written, on: queue)
    if let bias { add(bias, to: written, of: problem.output) }
    return y
  }

  /// See `ConvolutionOperations.convolutionInputGradient`.
  public func convolutionInputGradient(
    _ dy: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec, inputShape: Shape
  ) -> Tensor {
    let problem = problem(.inputGradient, inputShape, filter.shape, spec)
    precondition(dy.shape == problem.output, "gradient \(dy.shape) of \(problem.output)")
    var (dx, written) = makeTensor(problem.input, activations)
    convolver.run(
      problem, input: written, filter: rearranged(filter), output: activation(dy), on: queue)
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
    let problem = problem(.filterGradient, x.shape, filterShape, spec)
    precondition(dy.shape == problem.output, "gradient \(dy.shape) of \(problem.output)")
    let dw = CUDAElements(count: filterShape.count, activations, on: queue)
    convolver.run(
      problem, input: padded(x, spec), filter: dw, output: activation(dy), on: queue)
    // From cuDNN's order of the axes to ours.
    return Tensor(
      filterShape,
      on: exchanged(
        dw, outer: filterShape[3], taps: filterShape[1] * filterShape[2], inner: filterShape[0],
        .float32))
  }

  private func problem(
    _ verb: ConvolutionProblem.Verb, _ input: Shape, _ filter: Shape, _ spec: ConvolutionSpec
  ) -> ConvolutionProblem {
    ConvolutionProblem(
      verb: verb, input: spec.reflection.map(input.padded) ?? input, filter: filter,
      output: spec.outputShape(input: input, filter: filter), stride: spec.stride,
      padding: spec.reflection == nil ? spec.padding.amount : 0, format: activations)
  }
}

// MARK: - Borders and filters

extension CUDABackend {
  /// A tensor as convolutions read it.
  ///
  /// It is kept if it had to be rounded, since several convolutions may read it.
  private func activation(_ x: Tensor) -> CUDAElements {
    let source = elements(x)
    if source.format == activations { return source }
    return x.derivedElements(derivedName("rounded")) {
      source.converted(to: activations, count: x.count, on: queue)
    }
  }

  /// A convolution's input with its border, if that is mirrored.
  private func padded(_ x: Tensor, _ spec: ConvolutionSpec) -> CUDAElements {
    guard let amount = spec.reflection else { return activation(x) }
    let source = elements(x)
    // The gradient of the filter reads it again.
    return x.derivedElements(derivedName("mirrored \(amount)")) {
      let count = x.shape.padded(amount).count
      let padded = CUDAElements(count: count, activations, on: queue)
      queue.launch(
        .mirror, .groups(count), .elements(source), .elements(padded), .count(count),
        .signed(x.shape.height), .signed(x.shape.width), .count(x.shape.channels), .signed(amount))
      return padded
    }
  }

  /// The adjoint of `padded`.
  private func folded(_ dy: CUDAElements, to shape: Shape, _ amount: Int)
    -> (tensor: Tensor, elements: CUDAElements)
  {
    let dx = makeTensor(shape, activations)
    queue.launch(
      .mirrorAdjoint, .groups(shape.count), .elements(dy), .elements(dx.elements),
      .count(shape.count), .signed(shape.height), .signed(shape.width), .count(shape.channels),
      .signed(amount))
    return dx
  }

  /// A filter `[I, KH, KW, O]` as `[O, KH, KW, I]`, which cuDNN wants; kept until it changes.
  private func rearranged(_ filter: Tensor) -> CUDAElements {
    let (shape, source) = (filter.shape, elements(filter))
    return filter.derivedElements(derivedName("OHWI")) {
      exchanged(
        source, outer: shape[0], taps: shape[1] * shape[2], inner: shape[3], activations)
    }
  }

  /// What is derived here is called so, apart from what other backends derive, and from what is derived
  /// at the same time.
  private func derivedName(_ name: String) -> String {
    "\(name) \(convolver.name) \(queue.lane)"
  }

  /// `[outer, taps, inner]` as `[inner, taps, outer]`.
  private func exchanged(
    _ source: CUDAElements, outer: Int, taps: Int, inner: Int, _ format: ElementFormat
  ) -> CUDAElements {
    let tile = 32
    let result = CUDAElements(count: outer * taps * inner, format, on: queue)
    let shape = LaunchShape(
      grid: ((inner + tile - 1) / tile, (outer + tile - 1) / tile, taps), block: (tile, 8))
    queue.launch(
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
