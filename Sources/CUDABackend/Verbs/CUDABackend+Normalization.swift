import ConvolutionCore
import Tensors

extension CUDABackend {
  /// See `NormalizationOperations.normalize`; computed when the result is first read.
  public func normalize(
    _ x: Tensor, epsilon: Float, scale: Tensor?, shift: Tensor?, activation: Activation,
    residual: Tensor?
  ) -> (output: Tensor, statistics: NormStatistics) {
    precondition(residual == nil || residual?.shape == x.shape, "residual for \(x.shape)")
    let norm = PromisedNorm(
      Norm(
        x: x, source: .measured(epsilon: epsilon), scale: scale, shift: shift,
        activation: activation, residual: residual), on: self)
    func statistic(isMean: Bool) -> Tensor {
      let promise = PromisedStatistic(of: norm, isMean: isMean)
      return Tensor(x.shape.plane, on: CUDAElements(promise, .float32, on: queue))
    }
    let output = Tensor(x.shape, on: CUDAElements(norm, elements(x).format, on: queue))
    return (
      output,
      NormStatistics(mean: statistic(isMean: true), inverseDeviation: statistic(isMean: false))
    )
  }

  /// See `NormalizationOperations.statistics`.
  public func statistics(of x: Tensor, epsilon: Float) -> NormStatistics {
    let (mean, writtenMean) = makeTensor(x.shape.plane)
    let (inverse, writtenInverse) = makeTensor(x.shape.plane)
    measure(x, epsilon: epsilon, writtenMean, writtenInverse)
    return NormStatistics(mean: mean, inverseDeviation: inverse)
  }

  /// See `NormalizationOperations.normalize(_:using:scale:shift:activation:)`; computed when the
  /// result is first read.
  public func normalize(
    _ x: Tensor, using statistics: NormStatistics, scale: Tensor?, shift: Tensor?,
    activation: Activation
  ) -> Tensor {
    let norm = Norm(
      x: x, source: .given(statistics), scale: scale, shift: shift, activation: activation,
      residual: nil)
    return Tensor(
      x.shape, on: CUDAElements(PromisedNorm(norm, on: self), elements(x).format, on: queue))
  }

  /// Computes a norm.
  ///
  /// - Parameter border: Mirrored rows and columns that the result has on each side.
  func computed(_ norm: Norm, border: Int) -> PromisedNorm.Made {
    let x = norm.x, source = elements(x)
    let result = CUDAElements(count: x.shape.padded(border).count, source.format, on: queue)
    let residual = norm.residual.map(bordered)
    let plane = x.shape.plane.count
    var made: PromisedNorm.Made
    switch norm.source {
    case .given(let statistics):
      made = .init(
        mean: elements(statistics.mean), inverseDeviation: elements(statistics.inverseDeviation))
    case .measured:
      made = .init(
        mean: CUDAElements(count: plane, on: queue),
        inverseDeviation: CUDAElements(count: plane, on: queue))
    }
    if border > 0 { made.bordered = (result, border) } else { made.plain = result }

    let scale = KernelArgument.optional(norm.scale.map(elements))
    let shift = KernelArgument.optional(norm.shift.map(elements))
    let added = KernelArgument.optional(residual?.elements)
    let skipped = KernelArgument.signed(residual?.border ?? 0)
    let slope = KernelArgument.float(norm.activation.negativeSlope)
    if case .measured(let epsilon) = norm.source {
      if let slabs = NormSlabs(x.shape, inClusters: hasClusters) {
        queue.launch(
          slabs.isInClusters ? .normCluster : .normBlock, slabs.shape, .elements(source),
          .elements(made.mean), .elements(made.inverseDeviation), scale, shift, added,
          .elements(result), .notes(slabs.makeParts(x.shape, on: queue)),
          .signed(x.shape.height), .signed(x.shape.width), .count(x.shape.channels),
          .count(slabs.width), skipped, .signed(border), .float(epsilon), slope)
        return made
      }
      measure(x, epsilon: epsilon, made.mean, made.inverseDeviation)
    }
    queue.launch(
      .normApply, .groups(x.count), .elements(source), .elements(made.mean),
      .elements(made.inverseDeviation), scale, shift, added, .elements(result), .count(x.count),
      .signed(x.shape.height), .signed(x.shape.width), .count(x.shape.channels), skipped,
      .signed(border), slope)
    return made
  }

  private func measure(
    _ x: Tensor, epsilon: Float, _ mean: CUDAElements, _ inverseDeviation: CUDAElements
  ) {
    let cut = SumCut(pixelsOf: x.shape)
    queue.launch(
      .normStatistics, cut.shape, .elements(elements(x)), .elements(mean),
      .elements(inverseDeviation), .notes(cut.makeParts(kinds: 2, on: queue)), .arrivals(queue),
      .count(cut.rows), .count(cut.columns), .count(cut.width), .count(cut.rowsPerPart),
      .float(epsilon))
  }
}

// MARK: - The gradient

extension CUDABackend {
  /// See `NormalizationOperations.normalizeGradient`.
  public func normalizeGradient(
    _ dy: Tensor, x: Tensor, statistics: NormStatistics, scale: Tensor?, shift: Tensor?,
    activation: Activation
  ) -> (input: Tensor, scale: Tensor?, shift: Tensor?) {
    precondition(dy.shape == x.shape, "a gradient of \(dy.shape) for \(x.shape)")
    let (gradient, border) = unfolded(dy), input = elements(x)
    let (dx, written) = makeTensor(x.shape, gradient.format.joined(with: input.format))
    let (plain, writtenPlain) = makeTensor(x.shape.plane)
    let (products, writtenProducts) = makeTensor(x.shape.plane)

    let mean = KernelArgument.elements(elements(statistics.mean))
    let inverse = KernelArgument.elements(elements(statistics.inverseDeviation))
    let scales = KernelArgument.optional(scale.map(elements))
    let shifts = KernelArgument.optional(shift.map(elements))
    let height = KernelArgument.signed(x.shape.height), width = KernelArgument.signed(x.shape.width)
    let channels = KernelArgument.count(x.shape.channels)
    let folded = KernelArgument.signed(border)
    let slope = KernelArgument.float(activation.negativeSlope)
    if let slabs = NormSlabs(x.shape, inClusters: hasClusters) {
      queue.launch(
        slabs.isInClusters ? .normGradientCluster : .normGradientBlock, slabs.shape,
        .elements(gradient), .elements(input), mean, inverse, scales, shifts,
        .elements(writtenPlain), .elements(writtenProducts), .elements(written),
        .notes(slabs.makeParts(x.shape, on: queue)), height, width, channels,
        .count(slabs.width), folded, slope)
    } else {
      let cut = SumCut(pixelsOf: x.shape)
      queue.launch(
        .normGradientSums, cut.shape, .elements(gradient), .elements(input), mean, inverse, scales,
        shifts, .elements(writtenPlain), .elements(writtenProducts),
        .notes(cut.makeParts(kinds: 2, on: queue)), .arrivals(queue), height, width, channels,
        .count(cut.width), .count(cut.rowsPerPart), folded, slope)
      queue.launch(
        .normGradient, .groups(x.count), .elements(gradient), .elements(input), mean, inverse,
        scales, shifts, .elements(writtenPlain), .elements(writtenProducts), .elements(written),
        .count(x.count), height, width, channels, folded, slope)
    }
    return (dx, scale.map { sum(products, to: $0.shape) }, shift.map { sum(plain, to: $0.shape) })
  }
}

extension SumCut {
  /// Sums over the pixels of each picture's channels.
  fileprivate init(pixelsOf shape: Shape) { self.init(Broadcast(shape.plane, over: shape)) }
}

extension Shape {
  /// One value per picture and channel.
  fileprivate var plane: Shape { [batch, 1, 1, channels] }
}
