import ConvolutionCore
import Tensors
import TestSupport
import Testing

/// Single operations against PyTorch's, computed in float64.
@Suite("Goldens")
struct GoldenTests {
  private static let backends: [any Backend] = [ReferenceBackend(), CPUBackend(threads: 2)]
  private static let rounding = Tolerance.relative(
    1e-5, because: "float32 sums of up to 2,000 terms; \(Goldens.remedy)")

  @Test("Convolutions and their gradients are PyTorch's", arguments: backends)
  func convolutions(backend: any Backend) throws {
    let golden = try Goldens.load("convolutions")
    for example in try golden.cases(ConvolutionCase.self) where example.kind == .convolution {
      let name = example.name
      func close(_ actual: Tensor, _ key: String, isFilter: Bool = false) throws {
        let expected = isFilter ? try golden.filter(name, key) : try golden.tensor(name, key)
        try requireClose(actual, expected, Self.rounding, "\(name).\(key)")
      }
      let x = try golden.tensor(name, "x"), dy = try golden.tensor(name, "dy")
      let filter = try golden.filter(name, "weight"), bias = try golden.tensor(name, "bias")
      let y = backend.convolution(x, filter: filter, bias: bias, example.spec)
      try close(y, "y")
      let gradients = backend.convolutionGradients(x, filter: filter, dy, example.spec)
      try close(gradients.input, "dx")
      try close(gradients.filter, "dweight", isFilter: true)
      try close(backend.sum(dy, to: bias.shape), "dbias")
    }
  }

  @Test("Transposed convolutions are the input gradient used forwards", arguments: backends)
  func transposedConvolutions(backend: any Backend) throws {
    let golden = try Goldens.load("convolutions")
    for example in try golden.cases(ConvolutionCase.self) where example.kind == .transposed {
      let name = example.name
      let x = try golden.tensor(name, "x"), dy = try golden.tensor(name, "dy")
      let filter = try golden.filter(name, "weight"), bias = try golden.tensor(name, "bias")
      let y = backend.convolutionInputGradient(
        x, filter: filter, bias: bias, example.spec, inputShape: dy.shape)
      try requireClose(y, try golden.tensor(name, "y"), Self.rounding, "\(name).y")
      let dx = backend.convolution(dy, filter: filter, bias: nil, example.spec)
      try requireClose(dx, try golden.tensor(name, "dx"), Self.rounding, "\(name).dx")
      let dweight = backend.convolutionFilterGradient(
        dy, x, example.spec, filterShape: filter.shape)
      try requireClose(
        dweight, try golden.filter(name, "dweight"), Self.rounding, "\(name).dweight")
    }
  }

  @Test("Instance norm, what follows it, and their gradients are PyTorch's", arguments: backends)
  func instanceNorms(backend: any Backend) throws {
    let golden = try Goldens.load("normalizations")
    for example in try golden.cases(NormalizationCase.self) where example.kind == .instance {
      let name = example.name
      let x = try golden.tensor(name, "x"), dy = try golden.tensor(name, "dy")
      let scale = example.affine ? try golden.tensor(name, "scale") : nil
      let shift = example.affine ? try golden.tensor(name, "shift") : nil
      let (y, statistics) = backend.normalize(
        x, epsilon: example.epsilon, scale: scale, shift: shift, activation: example.followedBy,
        residual: nil)
      try requireClose(y, try golden.tensor(name, "y"), Self.rounding, "\(name).y")
      let gradients = backend.normalizeGradient(
        dy, x: x, statistics: statistics, scale: scale, shift: shift,
        activation: example.followedBy)
      try requireClose(gradients.input, golden.tensor(name, "dx"), Self.rounding, "\(name).dx")
      guard example.affine else { continue }
      for (gradient, key) in [(gradients.scale, "dscale"), (gradients.shift, "dshift")] {
        try requireClose(
          try #require(gradient), try golden.tensor(name, key), Self.rounding, "\(name).\(key)")
      }
    }
  }

  @Test("Activations and their derivatives are PyTorch's", arguments: backends)
  func activations(backend: any Backend) throws {
    let golden = try Goldens.load("activations")
    for example in try golden.cases(ActivationCase.self) {
      let name = example.name, function = example.pointwise
      let x = try golden.tensor(name, "x")
      let y = backend.map(function, x)
      try requireClose(y, try golden.tensor(name, "y"), Self.rounding, "\(name).y")
      let dx = backend.mapGradient(
        function, saved: function.derivativeUsesOutput ? y : x, try golden.tensor(name, "dy"))
      try requireClose(dx, try golden.tensor(name, "dx"), Self.rounding, "\(name).dx")
    }
  }

  @Test("Steps of Adam are PyTorch's", arguments: backends)
  func adam(backend: any Backend) throws {
    let golden = try Goldens.load("adam")
    let example = try #require(try golden.cases(AdamCase.self).first)
    var weights = try golden.tensor(example.name, "weights")
    var first = Tensor(zeros: weights.shape), second = Tensor(zeros: weights.shape)
    for step in 0..<example.steps {
      var terms = [
        AdamTerm(
          parameter: weights, gradient: try golden.tensor(example.name, "gradient\(step)"),
          firstMoment: first, secondMoment: second)
      ]
      backend.adam(
        &terms,
        AdamStep(
          learningRate: example.learningRate, beta1: example.beta1, beta2: example.beta2,
          epsilon: example.epsilon, step: step + 1))
      weights = terms[0].parameter
      first = try #require(terms[0].firstMoment)
      second = terms[0].secondMoment
      try requireClose(
        weights, try golden.tensor(example.name, "weights\(step)"),
        .relative(1e-6, because: "a few roundings of each weight; \(Goldens.remedy)"),
        "after step \(step + 1)")
    }
  }
}
