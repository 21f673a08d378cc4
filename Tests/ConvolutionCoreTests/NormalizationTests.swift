import Tensors
import Testing

@testable import ConvolutionCore

@Suite("Normalization")
struct NormalizationTests {
  static let shapes: [Shape] = [
    [1, 16, 16, 64], [2, 9, 7, 20], [1, 33, 31, 3], [3, 2, 2, 48], [1, 70, 70, 16],
  ]
  static let activations: [Activation] = [.identity, .relu, .leakyReLU(slope: 0.2)]

  @Test("agrees with the definition, affine or not, with any activation", arguments: shapes)
  func agreesWithReference(_ shape: Shape) {
    let reference = ReferenceBackend()
    let x = reference.affine(random(shape, "x"), scale: 2, shift: 5)
    let dy = random(shape, "dy"), residual = random(shape, "residual")
    let scale = random([shape.channels], "scale"), shift = random([shape.channels], "shift")
    for activation in Self.activations {
      for (scale, shift, residual) in [(nil, nil, nil), (scale, shift, residual)] {
        let expected = reference.normalize(
          x, epsilon: 1e-5, scale: scale, shift: shift, activation: activation, residual: residual)
        let gradient = reference.normalizeGradient(
          dy, x: x, statistics: expected.statistics, scale: scale, shift: shift,
          activation: activation)
        for set in CPUBackend.InstructionSet.allCases where set.isAvailable {
          let backend = CPUBackend(threads: 3, instructionSet: set)
          let found = backend.normalize(
            x, epsilon: 1e-5, scale: scale, shift: shift, activation: activation,
            residual: residual)
          // x·scale + shift cancels about the mean, here 2.5 deviations: a few ulps more than 1e-7.
          #expect(relativeError(found.output, expected.output) < 1e-6, "\(set), \(activation)")
          let statistics = found.statistics
          #expect(relativeError(statistics.mean, expected.statistics.mean) < 1e-6)
          #expect(
            relativeError(statistics.inverseDeviation, expected.statistics.inverseDeviation) < 1e-6)
          let adjoint = backend.normalizeGradient(
            dy, x: x, statistics: expected.statistics, scale: scale, shift: shift,
            activation: activation)
          #expect(relativeError(adjoint.input, gradient.input) < 2e-6, "\(set), \(activation)")
          if let a = adjoint.scale, let b = gradient.scale { #expect(relativeError(a, b) < 2e-6) }
          if let a = adjoint.shift, let b = gradient.shift { #expect(relativeError(a, b) < 2e-6) }
          #expect((adjoint.scale == nil) == (scale == nil))
        }
      }
    }
  }

  @Test("keeps its accuracy where the mean is a thousand deviations")
  func survivesLargeMeans() {
    let x = ReferenceBackend().affine(random([1, 40, 40, 16], "x"), scale: 1, shift: 1000)
    let expected = ReferenceBackend().normalize(
      x, epsilon: 1e-5, scale: nil, shift: nil, activation: .identity, residual: nil)
    let found = CPUBackend(threads: 2).normalize(
      x, epsilon: 1e-5, scale: nil, shift: nil, activation: .identity, residual: nil)
    #expect(
      relativeError(found.statistics.inverseDeviation, expected.statistics.inverseDeviation) < 1e-5)
  }
}
