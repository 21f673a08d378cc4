import Tensors

extension ReferenceBackend {
  /// The statistics, then the result from them.
  public func normalize(
    _ x: Tensor, epsilon: Float, scale: Tensor?, shift: Tensor?, activation: Activation,
    residual: Tensor?
  ) -> (output: Tensor, statistics: NormStatistics) {
    let measured = moments(of: x, epsilon: epsilon)
    var y = normalized(x, by: measured, scale: scale, shift: shift, activation: activation)
    if let residual {
      precondition(residual.shape == x.shape, "residual \(residual.shape) beside \(x.shape)")
      for (index, value) in residual.values.enumerated() { y[index] += Double(value) }
    }
    return (Tensor(x.shape, rounding: y), measured.rounded(Planes(x.shape).shape))
  }

  /// See `NormalizationOperations.statistics`.
  public func statistics(of x: Tensor, epsilon: Float) -> NormStatistics {
    moments(of: x, epsilon: epsilon).rounded(Planes(x.shape).shape)
  }

  /// See `NormalizationOperations.normalize(_:using:scale:shift:activation:)`.
  public func normalize(
    _ x: Tensor, using statistics: NormStatistics, scale: Tensor?, shift: Tensor?,
    activation: Activation
  ) -> Tensor {
    let moments = Moments(
      means: statistics.mean.doubles, inverseDeviations: statistics.inverseDeviation.doubles)
    return Tensor(
      x.shape,
      rounding: normalized(x, by: moments, scale: scale, shift: shift, activation: activation))
  }

  /// Mean and 1/√(variance + ε) of each picture's channel.
  private struct Moments {
    var means: [Double] = [], inverseDeviations: [Double] = []

    func rounded(_ shape: Shape) -> NormStatistics {
      NormStatistics(
        mean: Tensor(shape, rounding: means),
        inverseDeviation: Tensor(shape, rounding: inverseDeviations))
    }
  }

  /// Two passes over each picture's channel.
  private func moments(of x: Tensor, epsilon: Float) -> Moments {
    let planes = Planes(x.shape)
    let input = x.doubles
    var moments = Moments()
    for plane in 0..<planes.count {
      let indices = planes.indices(plane)
      let mean = indices.reduce(0) { $0 + input[$1] } / Double(indices.count)
      let variance =
        indices.reduce(0) { $0 + (input[$1] - mean) * (input[$1] - mean) } / Double(indices.count)
      moments.means.append(mean)
      moments.inverseDeviations.append(1 / (variance + Double(epsilon)).squareRoot())
    }
    return moments
  }

  private func normalized(
    _ x: Tensor, by moments: Moments, scale: Tensor?, shift: Tensor?, activation: Activation
  ) -> [Double] {
    let planes = Planes(x.shape)
    let (input, scales, shifts) = (x.doubles, scale?.doubles, shift?.doubles)
    var y = [Double](repeating: 0, count: x.count)
    for plane in 0..<planes.count {
      let channel = plane % x.shape.channels
      for index in planes.indices(plane) {
        let normal = (input[index] - moments.means[plane]) * moments.inverseDeviations[plane]
        let z = normal * (scales?[channel] ?? 1) + (shifts?[channel] ?? 0)
        y[index] = z > 0 ? z : z * Double(activation.negativeSlope)
      }
    }
    return y
  }

  /// dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / deviation, with dx̂ behind activation and scale.
  public func normalizeGradient(
    _ dy: Tensor, x: Tensor, statistics: NormStatistics, scale: Tensor?, shift: Tensor?,
    activation: Activation
  ) -> (input: Tensor, scale: Tensor?, shift: Tensor?) {
    let shape = x.shape
    let planes = Planes(shape)
    let (input, upstream) = (x.doubles, dy.doubles)
    let (means, inverses) = (statistics.mean.doubles, statistics.inverseDeviation.doubles)
    let (scales, shifts) = (scale?.doubles, shift?.doubles)
    var dx = [Double](repeating: 0, count: x.count)
    var scaleGradient = [Double](repeating: 0, count: shape.channels)
    var shiftGradient = scaleGradient
    for plane in 0..<planes.count {
      let indices = planes.indices(plane)
      let channel = plane % shape.channels
      let (gamma, beta) = (scales?[channel] ?? 1, shifts?[channel] ?? 0)
      let normal = indices.map { (input[$0] - means[plane]) * inverses[plane] }
      let dz = zip(indices, normal).map { index, value in
        upstream[index] * (value * gamma + beta > 0 ? 1 : Double(activation.negativeSlope))
      }
      let sum = dz.reduce(0, +)
      let product = zip(dz, normal).reduce(0) { $0 + $1.0 * $1.1 }
      let size = Double(normal.count)
      for (position, index) in indices.enumerated() {
        let centred = dz[position] - sum / size - normal[position] * product / size
        dx[index] = gamma * inverses[plane] * centred
      }
      scaleGradient[channel] += product
      shiftGradient[channel] += sum
    }
    return (
      Tensor(shape, rounding: dx),
      scale.map { Tensor($0.shape, rounding: scaleGradient) },
      shift.map { Tensor($0.shape, rounding: shiftGradient) }
    )
  }
}

/// The pixels of each picture's channels in `[N, H, W, C]`.
private struct Planes {
  let source: Shape
  var shape: Shape { Shape(batch: source.batch, height: 1, width: 1, channels: source.channels) }
  var count: Int { shape.count }

  init(_ source: Shape) { self.source = source }

  func indices(_ plane: Int) -> [Int] {
    let pixels = source.height * source.width
    let (picture, channel) = (plane / source.channels, plane % source.channels)
    return (0..<pixels).map { (picture * pixels + $0) * source.channels + channel }
  }
}
