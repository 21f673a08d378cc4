import Tensors

extension ReferenceBackend {
  /// Sums over every tap of every window.
  public func convolution(_ x: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec)
    -> Tensor
  {
    let taps = Taps(input: x.shape, filter: filter.shape, spec)
    let (x, w) = (x.doubles, filter.doubles)
    var y = spread(bias, channels: taps.outputChannels, pixels: taps.output.count)
    taps.forEach { output, input, weight in y[output] += x[input] * w[weight] }
    return Tensor(taps.output, rounding: y)
  }

  /// Hands each output's gradient back to the inputs that it was made from.
  public func convolutionInputGradient(
    _ dy: Tensor, filter: Tensor, bias: Tensor?, _ spec: ConvolutionSpec, inputShape: Shape
  ) -> Tensor {
    let taps = Taps(input: inputShape, filter: filter.shape, spec)
    precondition(dy.shape == taps.output, "gradient \(dy.shape) of an output \(taps.output)")
    let (dy, w) = (dy.doubles, filter.doubles)
    var dx = spread(bias, channels: inputShape.channels, pixels: inputShape.count)
    taps.forEach { output, input, weight in dx[input] += dy[output] * w[weight] }
    return Tensor(inputShape, rounding: dx)
  }

  /// Hands each output's gradient back to the weights that it was made with.
  public func convolutionFilterGradient(
    _ x: Tensor, _ dy: Tensor, _ spec: ConvolutionSpec, filterShape: Shape
  ) -> Tensor {
    let taps = Taps(input: x.shape, filter: filterShape, spec)
    precondition(dy.shape == taps.output, "gradient \(dy.shape) of an output \(taps.output)")
    let (x, dy) = (x.doubles, dy.doubles)
    var dw = [Double](repeating: 0, count: filterShape.count)
    taps.forEach { output, input, weight in dw[weight] += x[input] * dy[output] }
    return Tensor(filterShape, rounding: dw)
  }

  private func spread(_ bias: Tensor?, channels: Int, pixels count: Int) -> [Double] {
    guard let bias else { return [Double](repeating: 0, count: count) }
    precondition(bias.shape == [channels], "bias \(bias.shape) for \(channels) channels")
    let values = bias.doubles
    return (0..<count).map { values[$0 % channels] }
  }
}

/// Every product that a convolution adds up.
private struct Taps {
  let input: Shape, filter: Shape, output: Shape
  let spec: ConvolutionSpec
  var outputChannels: Int { filter[3] }

  init(input: Shape, filter: Shape, _ spec: ConvolutionSpec) {
    self.input = input
    self.filter = filter
    self.spec = spec
    output = spec.outputShape(input: input, filter: filter)
  }

  /// Calls `body` with the positions of output element, input element and weight of each product.
  func forEach(_ body: (_ output: Int, _ input: Int, _ weight: Int) -> Void) {
    forEachPixel { outputPixel, inputPixel, tap in
      for i in 0..<filter[0] {
        let input = inputPixel * filter[0] + i
        let weight = (i * filter[1] * filter[2] + tap) * filter[3]
        for o in 0..<filter[3] { body(outputPixel * filter[3] + o, input, weight + o) }
      }
    }
  }

  private func forEachPixel(_ body: (_ output: Int, _ input: Int, _ tap: Int) -> Void) {
    for n in 0..<output.batch {
      for oh in 0..<output.height {
        for ow in 0..<output.width {
          for kh in 0..<filter[1] {
            for kw in 0..<filter[2] {
              guard let h = position(oh, kh, extent: input.height),
                let w = position(ow, kw, extent: input.width)
              else { continue }
              body(
                (n * output.height + oh) * output.width + ow,
                (n * input.height + h) * input.width + w, kh * filter[2] + kw)
            }
          }
        }
      }
    }
  }

  /// Where a tap of a window reads along one axis; nil where it reads a zero of the padding.
  private func position(_ output: Int, _ tap: Int, extent: Int) -> Int? {
    let position = output * spec.stride + tap - spec.padding.amount
    if (0..<extent).contains(position) { return position }
    switch spec.padding {
    case .zero: return nil
    case .reflect: return position < 0 ? -position : 2 * (extent - 1) - position
    }
  }
}
