import ConvolutionCore
import Tensors

// The three verbs over a side that is unrolled along its rows.

extension CUDABackend {
  /// `convolution` over an unrolled side.
  func convolution(
    _ x: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec, _ unrolling: RowUnrolling
  ) -> Tensor {
    let problem = unrolling.problem(.forward, activations)
    let (y, written) = makeTensor(unrolling.output, activations)
    let filter = rearranged(filter, unrolling)
    if unrolling.isOfInput {
      convolver.run(
        problem, input: unrolled(x, unrolling), filter: filter, output: written, on: queue)
      if let bias { add(bias, to: written, of: y.shape) }
    } else {
      let parts = CUDAElements(count: problem.output.count, activations, on: queue)
      convolver.run(
        problem, input: padded(x, spec), filter: filter, output: parts, on: queue)
      addUp(parts, to: written, bias, unrolling)
    }
    return y
  }

  /// `convolutionInputGradient` over an unrolled side.
  func inputGradient(
    _ dy: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec,
    _ unrolling: RowUnrolling
  ) -> Tensor {
    precondition(dy.shape == unrolling.output, "gradient \(dy.shape) of \(unrolling.output)")
    let problem = unrolling.problem(.inputGradient, activations)
    let filter = rearranged(filter, unrolling)
    if unrolling.isOfInput {
      let parts = CUDAElements(count: problem.input.count, activations, on: queue)
      convolver.run(
        problem, input: parts, filter: filter, output: activation(dy), on: queue)
      let (dx, written) = makeTensor(unrolling.input, activations)
      addUp(parts, to: written, bias, unrolling)
      return dx
    }
    let made = CUDAElements(count: problem.input.count, activations, on: queue)
    convolver.run(
      problem, input: made, filter: filter, output: unrolled(dy, unrolling), on: queue)
    return inputGradient(made, of: unrolling.input, bias, spec)
  }

  /// `convolutionFilterGradient` over an unrolled side.
  func filterGradient(
    _ x: Tensor, _ dy: Tensor, _ spec: ConvolutionSpec, _ unrolling: RowUnrolling
  ) -> Tensor {
    precondition(dy.shape == unrolling.output, "gradient \(dy.shape) of \(unrolling.output)")
    let problem = unrolling.problem(.filterGradient, activations)
    let gradient = CUDAElements(count: problem.filter.count, activations, on: queue)
    convolver.run(
      problem, input: unrolling.isOfInput ? unrolled(x, unrolling) : padded(x, spec),
      filter: gradient,
      output: unrolling.isOfInput ? activation(dy) : unrolled(dy, unrolling), on: queue)
    let (dw, written) = makeTensor(unrolling.filter)
    rearrange(.unrollFilterAdjoint, gradient, written, count: dw.count, unrolling)
    return dw
  }

  /// The narrow side unrolled; kept, since more than one verb reads it.
  private func unrolled(_ x: Tensor, _ unrolling: RowUnrolling) -> CUDAElements {
    let (source, narrow) = (elements(x), unrolling.narrow)
    return x.derivedElements(derivedName(unrolling.name)) {
      let count = unrolling.unrolled.count
      let unrolled = CUDAElements(count: count, activations, on: queue)
      queue.launch(
        .unroll, .groups(count), .elements(source), .elements(unrolled), .count(count),
        .signed(narrow.height), .signed(narrow.width), .count(narrow.channels),
        .count(unrolling.filter[2]), .count(unrolling.channels), .signed(unrolling.border),
        .signed(unrolling.bordersRows ? 1 : 0))
      return unrolled
    }
  }

  /// The adjoint of `unrolled`, and a bias.
  private func addUp(
    _ unrolled: CUDAElements, to result: CUDAElements, _ bias: Tensor?, _ unrolling: RowUnrolling
  ) {
    let narrow = unrolling.narrow
    queue.launch(
      .unrollAdjoint, .elements(narrow.count), .elements(unrolled), .elements(result),
      .optional(bias.map(elements)), .count(narrow.count), .signed(narrow.height),
      .signed(narrow.width), .count(narrow.channels), .count(unrolling.filter[2]),
      .count(unrolling.channels), .signed(unrolling.border),
      .signed(unrolling.bordersRows ? 1 : 0))
  }

  /// A filter `[I, KH, KW, O]` as cuDNN wants it for the unrolled side; kept until it changes.
  private func rearranged(_ filter: Tensor, _ unrolling: RowUnrolling) -> CUDAElements {
    let source = elements(filter)
    return filter.derivedElements(derivedName("unrolled OHWI")) {
      let count = unrolling.problem(.forward, activations).filter.count
      let rearranged = CUDAElements(count: count, activations, on: queue)
      rearrange(.unrollFilter, source, rearranged, count: count, unrolling)
      return rearranged
    }
  }

  private func rearrange(
    _ kernel: Kernel, _ source: CUDAElements, _ result: CUDAElements, count: Int,
    _ unrolling: RowUnrolling
  ) {
    let filter = unrolling.filter
    queue.launch(
      kernel, .elements(count), .elements(source), .elements(result), .count(count),
      .count(filter[0]), .count(filter[1]), .count(filter[2]), .count(filter[3]),
      .count(unrolling.channels), .signed(unrolling.isOfInput ? 1 : 0))
  }
}
