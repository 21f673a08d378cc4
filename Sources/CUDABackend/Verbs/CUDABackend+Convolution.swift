import ConvolutionCore
import Tensors

extension CUDABackend {
  /// See `ConvolutionOperations.convolution`.
  public func convolution(_ x: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec)
    -> Tensor
  {
    if let unrolling = RowUnrolling(input: x.shape, filter: filter.shape, spec) {
      return convolution(x, filter: filter, bias: bias, spec, unrolling)
    }
    let problem = ConvolutionProblem(.forward, x.shape, filter.shape, spec, activations)
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
    if let unrolling = RowUnrolling(input: inputShape, filter: filter.shape, spec) {
      return inputGradient(dy, filter: filter, bias: bias, spec, unrolling)
    }
    let problem = ConvolutionProblem(.inputGradient, inputShape, filter.shape, spec, activations)
    precondition(dy.shape == problem.output, "gradient \(dy.shape) of \(problem.output)")
    let made = CUDAElements(count: problem.input.count, activations, on: queue)
    convolver.run(
      problem, input: made, filter: rearranged(filter), output: activation(dy), on: queue)
    return inputGradient(made, of: inputShape, bias, spec)
  }

  /// See `ConvolutionOperations.convolutionFilterGradient`.
  public func convolutionFilterGradient(
    _ x: Tensor, _ dy: Tensor, _ spec: ConvolutionSpec, filterShape: Shape
  ) -> Tensor {
    if let unrolling = RowUnrolling(input: x.shape, filter: filterShape, spec) {
      return filterGradient(x, dy, spec, unrolling)
    }
    let problem = ConvolutionProblem(.filterGradient, x.shape, filterShape, spec, activations)
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
}

// MARK: - Operands and results

extension CUDABackend {
  /// The gradient of an input, of what cuDNN made, which has a border if that is mirrored.
  func inputGradient(
    _ made: CUDAElements, of shape: Shape, _ bias: Tensor?, _ spec: ConvolutionSpec
  ) -> Tensor {
    guard let border = spec.reflection else {
      if let bias { add(bias, to: made, of: shape) }
      return Tensor(shape, on: made)
    }
    var dx = folded(made, to: shape, border)
    if let bias { add(bias, to: mutableElements(&dx), of: shape) }
    return dx
  }

  /// A tensor as convolutions read it.
  ///
  /// It is kept if it had to be rounded, since several convolutions may read it.
  func activation(_ x: Tensor) -> CUDAElements {
    let source = elements(x)
    if source.format == activations { return source }
    return x.derivedElements(derivedName("rounded")) {
      source.converted(to: activations, count: x.count, on: queue)
    }
  }

  /// A filter `[I, KH, KW, O]` as `[O, KH, KW, I]`, which cuDNN wants; kept until it changes.
  private func rearranged(_ filter: Tensor) -> CUDAElements {
    let (shape, source) = (filter.shape, elements(filter))
    return filter.derivedElements(derivedName("OHWI")) {
      exchanged(
        source, outer: shape[0], taps: shape[1] * shape[2], inner: shape[3], activations)
    }
  }

  /// What is derived here is called so, apart from what other backends derive, from what is derived at
  /// the same time, and from what a graph will have derived once it has run.
  func derivedName(_ name: String) -> String {
    "\(name) \(convolver.name) \(queue.lane)\(queue.recording == nil ? "" : " noted")"
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
