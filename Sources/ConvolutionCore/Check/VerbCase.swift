import Tensors

/// One verb on small tensors, for holding one backend against another.
package struct VerbCase: Sendable {
  /// What is computed, for a person to read.
  package let name: String
  /// How far a result may lie from the reference's, as a share of its largest element, in float32.
  package let tolerance: Float
  /// Whether it is a convolution, which some devices compute with fewer bits.
  package let isConvolution: Bool
  private let run: @Sendable (any Backend) -> [Tensor]

  fileprivate init(
    _ name: String, tolerance: Float = 1e-5, isConvolution: Bool = false,
    _ run: @escaping @Sendable (any Backend) -> [Tensor]
  ) {
    self.name = name
    self.tolerance = tolerance
    self.isConvolution = isConvolution
    self.run = run
  }

  /// The largest difference between what two backends make of it, as a share of the largest element
  /// of the second's results; infinite where a result is not a number.
  package func deviation(of backend: any Backend, from reference: any Backend) -> Float {
    zip(run(backend), run(reference)).reduce(0) { worst, pair in
      precondition(pair.0.shape == pair.1.shape, "\(name): \(pair.0.shape), not \(pair.1.shape)")
      let scale = max(pair.1.values.reduce(0) { max($0, abs($1)) }, .leastNormalMagnitude)
      return zip(pair.0.values, pair.1.values).reduce(worst) { worst, values in
        let difference = abs(values.0 - values.1) / scale
        return difference.isFinite ? max(worst, difference) : .infinity
      }
    }
  }
}

extension VerbCase {
  /// Every verb of `Backend`, in the forms and with the odd sizes that networks have.
  package static let all = convolutions + normalizations + pointwise + reductions + optimizers

  private static func random(_ shape: Shape, _ index: Int = 0) -> Tensor {
    var random = SeededRandom(seed: 7, index: index, purpose: "verb cases")
    return Tensor(shape) { random.normal() }
  }

  // MARK: Convolutions

  private static var convolutions: [VerbCase] {
    [
      convolution("3×3", [2, 9, 7, 16], 3, 32, ConvolutionSpec(padding: .reflect(1))),
      convolution("3×3, 2 apart", [1, 9, 8, 16], 3, 16, .init(stride: 2, padding: .zero(1))),
      convolution("4×4, 2 apart", [2, 8, 8, 3], 4, 16, .init(stride: 2, padding: .zero(1))),
      convolution("4×4 to one", [1, 6, 7, 32], 4, 1, .init(padding: .zero(1))),
      convolution("7×7 from RGB", [1, 8, 9, 3], 7, 16, .init(padding: .reflect(3))),
      convolution("7×7 to RGB", [1, 9, 8, 16], 7, 3, .init(padding: .reflect(3))),
      convolution("7×7 from grey", [2, 6, 9, 1], 7, 8, .init(padding: .zero(3))),
      convolution("7×7 to RGB, zeros", [2, 8, 6, 8], 7, 3, .init(padding: .zero(2))),
      convolution("5×5 from four", [2, 4, 9, 4], 5, 6, .init(padding: .reflect(2))),
      convolution("1×1", [1, 1, 5, 40], 1, 33, .init()),
    ].flatMap { $0 }
  }

  private static func convolution(
    _ name: String, _ input: Shape, _ kernel: Int, _ outputs: Int, _ spec: ConvolutionSpec
  ) -> [VerbCase] {
    let filterShape: Shape = [input.channels, kernel, kernel, outputs]
    let x = random(input, 0), filter = random(filterShape, 1)
    let dy = random(spec.outputShape(input: input, filter: filterShape), 2)
    let outputBias = random([outputs], 3)
    // A mirrored convolution is never used backwards as a layer, which alone would have a bias.
    let inputBias = spec.padding == .zero(spec.padding.amount) ? random([input.channels], 4) : nil
    // Algorithms that save multiplications round more.
    let tolerance: Float = 1e-4
    return [
      VerbCase("convolution \(name)", tolerance: tolerance, isConvolution: true) {
        [$0.convolution(x, filter: filter, bias: outputBias, spec)]
      },
      VerbCase("convolution \(name), input gradient", tolerance: tolerance, isConvolution: true) {
        [
          $0.convolutionInputGradient(
            dy, filter: filter, bias: inputBias, spec, inputShape: input)
        ]
      },
      VerbCase("convolution \(name), filter gradient", tolerance: tolerance, isConvolution: true) {
        [$0.convolutionFilterGradient(x, dy, spec, filterShape: filterShape)]
      },
    ]
  }

  // MARK: Norms

  private static var normalizations: [VerbCase] {
    // The others have more pixels and channels than a block or a cluster of blocks takes at once.
    let shapes: [Shape] = [
      [2, 5, 7, 16], [1, 1, 3, 3], [1, 40, 40, 33], [3, 4, 4, 70], [2, 30, 31, 24],
      [1, 66, 63, 16],
    ]
    let activations: [Activation] = [.identity, .relu, .leakyReLU(slope: 0.2)]
    return shapes.enumerated().flatMap { index, shape in
      [false, true].map { isScaled in
        normalization(shape, isScaled: isScaled, activations[index % activations.count])
      }
    }
  }

  private static func normalization(_ shape: Shape, isScaled: Bool, _ activation: Activation)
    -> VerbCase
  {
    // A mean far from zero shows whether squares cancel.
    let x = Tensor(shape, random(shape, 5).values.map { 3 + $0 })
    let dy = random(shape, 6), residual = random(shape, 7)
    let scale = isScaled ? random([shape.channels], 8) : nil
    let shift = isScaled ? random([shape.channels], 9) : nil
    return VerbCase("norm \(shape)\(isScaled ? ", scaled" : "")", tolerance: 1e-4) { backend in
      let (y, statistics) = backend.normalize(
        x, epsilon: 1e-5, scale: scale, shift: shift, activation: activation, residual: residual)
      let again = backend.normalize(
        x, using: statistics, scale: scale, shift: shift, activation: activation)
      let gradient = backend.normalizeGradient(
        dy, x: x, statistics: statistics, scale: scale, shift: shift, activation: activation)
      return [y, again, statistics.mean, statistics.inverseDeviation, gradient.input]
        + [gradient.scale, gradient.shift].compactMap { $0 }
    }
  }

  // MARK: Elements

  private static var pointwise: [VerbCase] {
    let functions: [Pointwise] = [
      .leakyReLU(slope: 0.2), .step(slope: 0.2), .tanh, .sigmoid, .softplus, .absolute, .sign,
      .square, .squareRoot, .reciprocal,
    ]
    // Roots and reciprocals are for positive numbers.
    let positive = Tensor([3, 100], random([3, 100], 10).values.map { abs($0) + 0.1 })
    let dy = random([3, 100], 11)
    let mapped = functions.map { function in
      let isPositive = function == .squareRoot || function == .reciprocal
      let x = isPositive ? positive : random([3, 100], 12)
      return VerbCase("\(function)") { backend in
        let y = backend.map(function, x)
        let saved = function.derivativeUsesOutput ? y : x
        return [y, backend.mapGradient(function, saved: saved, dy)]
      }
    }
    let a = random([2, 3, 5, 6], 13)
    let smaller: [Shape] = [[2, 3, 5, 6], [], [6], [2, 1, 1, 6], [2, 1, 1, 1]]
    let combined = smaller.flatMap { shape in
      [Combination.add, .subtract, .multiply].map { combination in
        VerbCase("\(combination) \(shape)") { [$0.combine(combination, a, random(shape, 14))] }
      }
    }
    return mapped + combined + [
      VerbCase("affine") { [$0.affine(a, scale: -2, shift: 0.5)] },
      VerbCase("accumulate") { backend in
        var sum = a
        backend.accumulate(&sum, adding: random(a.shape, 15))
        return [sum, a]
      },
      VerbCase("shift") {
        [$0.shift(a, by: [.init(rows: 1, columns: -2), .init(rows: -3, columns: 4)])]
      },
      VerbCase("channels") {
        [$0.concatenateChannels([a, random([2, 3, 5, 1], 16), a]), $0.sliceChannels(a, 2..<5)]
      },
    ]
  }

  private static var reductions: [VerbCase] {
    let patterns: [(large: Shape, small: Shape)] = [
      ([2, 30, 31, 5], []), ([2, 30, 31, 5], [5]), ([2, 30, 31, 5], [2, 1, 1, 5]),
      ([2, 30, 31, 5], [2, 1, 1, 1]), ([1, 70, 70, 3], [3]), ([600, 50], [50]), ([1, 9], [1, 9]),
    ]
    return patterns.map { pattern in
      VerbCase("sum \(pattern.large) to \(pattern.small)") {
        [
          $0.sum(random(pattern.large, 17), to: pattern.small),
          $0.broadcast(random(pattern.small, 18), to: pattern.large),
        ]
      }
    }
  }

  private static var optimizers: [VerbCase] {
    let shape: Shape = [3, 3, 3, 30]
    return [
      VerbCase("adam") { backend in
        moved(by: backend, remembering: true) {
          AdamStep(learningRate: 1e-2, beta1: 0.5, beta2: 0.999, epsilon: 1e-8, step: $0)
        }
      },
      VerbCase("rms prop") { backend in
        moved(by: backend, remembering: false) { _ in
          AdamStep(rmsProp: 1e-2, decay: 0.99, epsilon: 1e-8)
        }
      },
      VerbCase("blend and clip") { backend in
        var x = random(shape, 23), clipped = x
        backend.blend(&x, toward: random(shape, 24), share: 0.3)
        backend.clip(&clipped, to: 0.5)
        return [x, clipped]
      },
    ]
  }

  /// Three steps over tensors of several sizes; the first of them is shared.
  private static func moved(
    by backend: any Backend, remembering: Bool, _ step: (Int) -> AdamStep
  ) -> [Tensor] {
    let shapes: [Shape] = [[3, 3, 3, 30], [7], [5003], []]
    let shared = random(shapes[0], 19)
    var terms: [AdamTerm] = []
    for number in 1...3 {
      terms = shapes.enumerated().map { index, shape in
        let known = number == 1 ? nil : terms[index]
        return AdamTerm(
          parameter: known?.parameter ?? (index == 0 ? shared : random(shape, 19 + index)),
          gradient: random(shape, 23 + 4 * number + index),
          firstMoment: remembering ? known?.firstMoment ?? Tensor(zeros: shape) : nil,
          secondMoment: known?.secondMoment ?? Tensor(zeros: shape))
      }
      backend.adam(&terms, step(number))
    }
    return terms.flatMap { [$0.parameter, $0.firstMoment, $0.secondMoment].compactMap { $0 } }
      + [shared]
  }
}
