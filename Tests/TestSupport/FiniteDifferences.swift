import Autograd
import ConvolutionCore
import Tensors

/// Holds gradients against differences of the function itself.
///
/// Differences use four points, so their own error falls with the fourth power of the step:
/// (8(f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h. With float32 values of size 1 the rounding error
/// is about 1e-7/h, the other about h⁴: h = 1/32 balances them near 5e-6.
package struct FiniteDifferences {
  package var step: Float = 1 / 32
  package var backend: any Backend = ReferenceBackend()
  package var tolerance = Tolerance.relative(
    2e-3, because: "float32 values, differenced with a step of 1/32")

  package init() {}

  /// Throws unless the gradient of `function`, weighted at random, agrees for every input.
  ///
  /// - Parameters:
  ///   - inputs: What `function` is given, as variables of a recording tape.
  ///   - function: May ask its tape for gradients itself, recording them.
  package func check(_ inputs: [Tensor], _ function: ([Variable]) -> Variable) throws {
    let tape = Tape(training: backend, random: SeededRandom(seed: 0))
    let variables = inputs.map { tape.variable($0) }
    let y = function(variables)
    var random = SeededRandom(seed: 5, purpose: "weights of outputs")
    let weights = Tensor(y.shape) { random.uniform(in: -1...1) }
    let loss = (y * tape.constant(weights)).sum()
    let gradients = tape.gradients(of: loss, withRespectTo: variables)
    for (index, gradient) in gradients.enumerated() {
      guard let gradient else { throw Mismatch("input \(index) has no gradient") }
      let expected = differences(inputs, at: index, weights: weights, function)
      try requireClose(gradient.value, expected, tolerance, "gradient of input \(index)")
    }
  }

  private func differences(
    _ inputs: [Tensor], at index: Int, weights: Tensor, _ function: ([Variable]) -> Variable
  ) -> Tensor {
    var element = -1
    return Tensor(inputs[index].shape) {
      element += 1
      func value(_ offset: Float) -> Double {
        var moved = inputs
        moved[index][element] += offset
        let tape = Tape(training: backend, random: SeededRandom(seed: 0))
        let y = function(moved.map { tape.variable($0) }).value
        return zip(y.values, weights.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      let near = value(step) - value(-step), far = value(2 * step) - value(-2 * step)
      return Float((8 * near - far) / (12 * Double(step)))
    }
  }
}

extension Tensor {
  /// Numbers of size 0.3…1 with random signs: no bend of an activation within a small step.
  package static func awayFromZero(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    var random = SeededRandom(seed: seed, purpose: "awayFromZero")
    return Tensor(shape) { random.uniform(in: 0.3...1) * (random.chance(0.5) ? 1 : -1) }
  }

  /// Numbers of a standard normal distribution.
  package static func normal(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    var random = SeededRandom(seed: seed, purpose: "normal")
    return Tensor(shape) { random.normal() }
  }
}
