import CycleGANKit

/// The networks' convolutions one by one.
extension Benchmark {
  /// The distinct layers, or those asked for.
  var measuredLayers: [BenchmarkedLayer] {
    (generatorLayers + discriminatorLayers).filter { layer.map($0.name.contains) ?? true }
  }

  /// Measures the layers in every verb.
  func layerMeasurements() -> [Measurement] {
    measuredLayers.flatMap { layer in
      BenchmarkedLayer.Verb.allCases.map { verb in
        let times = BenchmarkTimes(
          repeats: repeats, on: backend, layer.work(verb, on: backend))
        var result = measurement(.layers, times)
        result.layer = layer.name
        result.filter = layer.filter.dimensions
        result.uses = layer.uses
        result.verb = verb
        result.callsPerStep = layer.callsPerStep(verb)
        result.add(operations: layer.operations(verb), peak: peakGflops)
        return result
      }
    }
  }

  /// The convolutions of the ResNet generator, from its input on.
  var generatorLayers: [BenchmarkedLayer] {
    let picture = Shape(batch: 1, height: size, width: size, channels: 3)
    let wide = 4 * filters
    func halved(_ times: Int, channels: Int) -> Shape {
      Shape(batch: 1, height: size >> times, width: size >> times, channels: channels)
    }
    func doubling(_ times: Int, from channels: Int) -> BenchmarkedLayer {
      switch upsampling {
      case .transposed:
        BenchmarkedLayer(
          .generator, input: halved(times - 1, channels: channels / 2), to: channels, kernel: 3,
          ConvolutionSpec(stride: 2, padding: .zero(1)), isTransposed: true)
      case .nearest:
        BenchmarkedLayer(
          .generator, input: halved(times - 1, channels: channels), to: channels / 2, kernel: 3,
          ConvolutionSpec(padding: .reflect(1)))
      }
    }
    let halving = ConvolutionSpec(stride: 2, padding: .zero(1))
    let ends = ConvolutionSpec(padding: .reflect(3))
    let first = BenchmarkedLayer(
      .generator, input: picture, to: filters, kernel: 7, ends, takesPicture: true)
    let second = BenchmarkedLayer(
      .generator, input: first.output, to: 2 * filters, kernel: 3, halving)
    let third = BenchmarkedLayer(.generator, input: second.output, to: wide, kernel: 3, halving)
    let residual = BenchmarkedLayer(
      .generator, input: third.output, to: wide, kernel: 3, ConvolutionSpec(padding: .reflect(1)),
      uses: 2 * blocks)
    let last = BenchmarkedLayer(
      .generator, input: halved(0, channels: filters), to: 3, kernel: 7, ends)
    let trunk = blocks > 0 ? [residual] : []
    return [first, second, third] + trunk
      + [doubling(2, from: wide), doubling(1, from: wide / 2), last]
  }

  /// The convolutions of the PatchGAN discriminator, from its input on.
  var discriminatorLayers: [BenchmarkedLayer] {
    var input = Shape(batch: 1, height: size, width: size, channels: 3)
    return [(filters, 2), (2 * filters, 2), (4 * filters, 2), (8 * filters, 1), (1, 1)].map {
      channels, stride in
      let layer = BenchmarkedLayer(
        .discriminator, input: input, to: channels, kernel: 4,
        ConvolutionSpec(stride: stride, padding: .zero(1)), takesPicture: input.height == size)
      input = layer.output
      return layer
    }
  }
}
