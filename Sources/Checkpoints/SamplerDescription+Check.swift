import Tensors

extension SamplerDescription {
  /// Numbers that a sample is made of: noise, and what stands for its class.
  package var inputs: Int { latent + (classes > 0 ? embedding ?? classes : 0) }

  /// Weights that the network has at least, known without building it.
  package var leastParameters: Double {
    let width = Double(width)
    switch kind {
    case .perceptron: return width * (Double(layers - 1) * width + Double(sample.count))
    case .convolutional:
      guard let doublings = sample.doublings?.count, doublings > 1 else { return 0 }
      // The 4 × 4 filters of the second layer: to half as many channels or more.
      let wide = width * Double(1 << min(3, doublings - 1))
      return 16 * wide * wide / 2
    }
  }

  /// More than any sample, layer or set of classes in use.
  private static let largest = 1 << 20

  /// What keeps the network from being built, or these weights from being its own, as far as that
  /// shows before memory is asked for; nil for nothing.
  ///
  /// - Parameter parameters: By their keys, in this library's layouts.
  func problem(with parameters: [String: Tensor]) -> String? {
    let numbers = [
      ("latent", latent, 1), ("width", width, 1), ("layers", layers, 1), ("classes", classes, 0),
      ("embedding", embedding ?? 1, 1), ("sample.size", sample.size, 1),
      ("sample.channels", sample.channels, 1),
    ]
    for (name, number, least) in numbers where !(least...Self.largest).contains(number) {
      return "its description has '\(name)' \(number)"
    }
    guard sample.isPoint || [1, 3].contains(sample.channels) else {
      return "its pictures have \(sample.channels) channels, not 1 or 3"
    }
    let first = firstWeight
    guard let first else { return "no convolutions lead to pictures of \(sample.size) pixels" }
    guard let found = parameters[first.path]?.shape else { return "it lacks '\(first.path)'" }
    guard found == first.shape else {
      return "'\(first.path)' has the shape \(found) where it describes \(first.shape)"
    }
    let makesSamples = parameters.values.contains { $0.shape.dimensions.last == sample.count }
    guard kind == .convolutional || (makesSamples && layers <= parameters.count) else {
      return "its weights are not those of \(layers) layers up to \(sample.count) numbers"
    }
    guard parameters.mayFill(atLeast: leastParameters) else {
      return "\(parameters.numberCount) weights are too few for a width of \(width)"
    }
    return nil
  }

  /// The first weight, `[O, K, K, I]` of a transposed convolution or `[I, O]`; nil where no
  /// convolutions make such samples.
  private var firstWeight: (path: String, shape: Shape)? {
    if kind == .perceptron { return ("model.0.weight", [inputs, width]) }
    return sample.doublings.map { base, doublings in
      ("main.0.weight", [width << min(3, doublings - 1), base, base, inputs])
    }
  }
}
