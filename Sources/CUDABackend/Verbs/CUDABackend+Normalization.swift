import ConvolutionCore
import Tensors

extension CUDABackend {
  /// See `NormalizationOperations.normalize`.
  public func normalize(
    _ x: Tensor, epsilon: Float, scale: Tensor?, shift: Tensor?, activation: Activation,
    residual: Tensor?
  ) -> (output: Tensor, statistics: NormStatistics) {
    precondition(residual == nil || residual?.shape == x.shape, "residual for \(x.shape)")
    let statistics = statistics(of: x, epsilon: epsilon)
    let output = apply(
      statistics, to: x, scale: scale, shift: shift, activation: activation, residual: residual)
    return (output, statistics)
  }

  /// See `NormalizationOperations.statistics`.
  public func statistics(of x: Tensor, epsilon: Float) -> NormStatistics {
    let cut = SumCut(pixelsOf: x.shape)
    let (mean, writtenMean) = makeTensor(x.shape.plane)
    let (inverse, writtenInverse) = makeTensor(x.shape.plane)
    queue.launch(
      .normStatistics, cut.shape, .elements(elements(x)), .elements(writtenMean),
      .elements(writtenInverse), .notes(cut.makeParts(kinds: 2, on: queue)), .arrivals(queue),
      .count(cut.rows), .count(cut.columns), .count(cut.width), .count(cut.rowsPerPart),
      .float(epsilon))
    return NormStatistics(mean: mean, inverseDeviation: inverse)
  }

  /// See `NormalizationOperations.normalize(_:using:scale:shift:activation:)`.
  public func normalize(
    _ x: Tensor, using statistics: NormStatistics, scale: Tensor?, shift: Tensor?,
    activation: Activation
  ) -> Tensor {
    apply(statistics, to: x, scale: scale, shift: shift, activation: activation, residual: nil)
  }

  private func apply(
    _ statistics: NormStatistics, to x: Tensor, scale: Tensor?, shift: Tensor?,
    activation: Activation, residual: Tensor?
  ) -> Tensor {
    let source = elements(x)
    let (y, written) = makeTensor(x.shape, source.format)
    queue.launch(
      .normApply, .groups(x.count), .elements(source), .elements(elements(statistics.mean)),
      .elements(elements(statistics.inverseDeviation)), .optional(scale.map(elements)),
      .optional(shift.map(elements)), .optional(residual.map(elements)), .elements(written),
      .count(x.count), .count(x.shape.perPicture), .count(x.shape.channels),
      .float(activation.negativeSlope))
    return y
  }

  /// See `NormalizationOperations.normalizeGradient`.
  public func normalizeGradient(
    _ dy: Tensor, x: Tensor, statistics: NormStatistics, scale: Tensor?, shift: Tensor?,
    activation: Activation
  ) -> (input: Tensor, scale: Tensor?, shift: Tensor?) {
    precondition(dy.shape == x.shape, "a gradient of \(dy.shape) for \(x.shape)")
    let cut = SumCut(pixelsOf: x.shape)
    let (gradient, input) = (elements(dy), elements(x))
    let mean = KernelArgument.elements(elements(statistics.mean))
    let inverse = KernelArgument.elements(elements(statistics.inverseDeviation))
    let scales = KernelArgument.optional(scale.map(elements))
    let shifts = KernelArgument.optional(shift.map(elements))
    let slope = KernelArgument.float(activation.negativeSlope)

    let (plain, writtenPlain) = makeTensor(x.shape.plane)
    let (products, writtenProducts) = makeTensor(x.shape.plane)
    queue.launch(
      .normGradientSums, cut.shape, .elements(gradient), .elements(input), mean, inverse, scales,
      shifts, .elements(writtenPlain), .elements(writtenProducts),
      .notes(cut.makeParts(kinds: 2, on: queue)), .arrivals(queue), .count(cut.rows),
      .count(cut.columns), .count(cut.width), .count(cut.rowsPerPart), slope)
    let (dx, written) = makeTensor(x.shape, gradient.format.joined(with: input.format))
    queue.launch(
      .normGradient, .groups(x.count), .elements(gradient), .elements(input), mean, inverse, scales,
      shifts, .elements(writtenPlain), .elements(writtenProducts), .elements(written),
      .count(x.count), .count(x.shape.perPicture), .count(x.shape.channels), slope)
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

  /// Elements of a picture.
  fileprivate var perPicture: Int { height * width * channels }
}
