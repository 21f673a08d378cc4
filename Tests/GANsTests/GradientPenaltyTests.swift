import Autograd
import Checkpoints
import ConvolutionCore
import GANs
import Layers
import Tensors
import TestSupport
import Testing

@Suite("The gradient penalty")
struct GradientPenaltyTests {
  @Test("Its second derivatives are differences of the penalty in double precision")
  func differences() throws {
    var description = AdversarialModel(.wganGP, making: SampleShape(size: 16, channels: 1))
      .discriminator
    description.width = 2
    let critic = description.network()
    var random = SeededRandom(seed: 4, purpose: "weights of a critic")
    for named in critic.parameters {
      let middle: Float = named.parameter.role == .scale ? 1 : 0
      named.parameter.value = Tensor(named.parameter.shape) { middle + 0.3 * random.normal() }
    }
    let real = Tensor.normal([2, 16, 16, 1]), fake = Tensor.normal([2, 16, 16, 1], seed: 2)
    let alphas: [Float] = [0.25, 0.625]

    let tape = Tape(training: ReferenceBackend(), random: SeededRandom(seed: 0))
    let penalty = gradientPenalty(
      critic.callAsFunction, real: real, fake: fake, alphas: alphas, on: tape)
    tape.accumulateGradients(of: penalty, into: critic.parameters)

    let twin = PenaltyInDoubles(real: real, fake: fake, alphas: alphas)
    let weights = critic.values.mapValues { $0.values.map(Double.init) }
    let value = twin(weights)
    #expect(abs(Double(penalty.value.scalar) - value) < 1e-5 * value)
    // Small enough that hardly a unit comes to its bend on the way.
    let h = 1e-5
    for named in critic.parameters {
      // Shifts move bends only: nothing of them reaches a slope.
      let gradient = (named.parameter.gradient ?? Tensor(zeros: named.parameter.shape)).values
        .map(Double.init)
      // Along two directions at random: a wrong element shows in almost every one.
      for _ in 0..<2 {
        let direction = gradient.map { _ in Double(random.normal()) }
        func moved(_ distance: Double) -> Double {
          var weights = weights
          weights[named.path] = zip(weights[named.path]!, direction).map { $0 + distance * $1 }
          return twin(weights)
        }
        let expected = (moved(h) - moved(-h)) / (2 * h)
        let slope = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
        let scale = (squares(gradient) * squares(direction)).squareRoot()
        #expect(
          abs(slope - expected) < 1e-4 * max(scale, 1),
          "\(named.path): \(slope) where differences say \(expected)")
      }
    }
  }

  @Test("It vanishes where the critic's slope is one everywhere")
  func flat() throws {
    // A 1×1 filter over a picture of one pixel: the slope is the filter itself, (0.6, 0.8).
    let critic = Conv2D(inputChannels: 2, outputChannels: 1, kernel: 1)
    critic.weight.value = Tensor([2, 1, 1, 1], [0.6, 0.8])
    let tape = Tape(training: ReferenceBackend(), random: SeededRandom(seed: 0))
    let penalty = gradientPenalty(
      critic.callAsFunction, real: .normal([3, 1, 1, 2]), fake: .normal([3, 1, 1, 2], seed: 2),
      alphas: [0, 0.5, 1], on: tape)
    #expect(abs(penalty.value.scalar) < 1e-10)
  }

  private func squares(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }
  }
}

/// The penalty of a convolutional critic for 16 × 16 grey pictures, by its definition and without a
/// tape: the slope is a difference of judgements.
private struct PenaltyInDoubles {
  /// Where the slope is measured, a picture each.
  private let places: [[Double]]

  init(real: Tensor, fake: Tensor, alphas: [Float]) {
    let size = real.count / alphas.count
    places = alphas.enumerated().map { picture, alpha in
      (picture * size..<(picture + 1) * size).map { index in
        Double(alpha) * Double(real[index]) + (1 - Double(alpha)) * Double(fake[index])
      }
    }
  }

  /// 10 · (‖slope‖ − 1)², the mean over pictures.
  func callAsFunction(_ weights: [String: [Double]]) -> Double {
    let h = 1e-5
    let penalties = places.map { place in
      let square = place.indices.reduce(0.0) { sum, index in
        var above = place, below = place
        above[index] += h
        below[index] -= h
        let slope = (judgement(of: above, weights) - judgement(of: below, weights)) / (2 * h)
        return sum + slope * slope
      }
      return 10 * (square.squareRoot() - 1) * (square.squareRoot() - 1)
    }
    return penalties.reduce(0, +) / Double(places.count)
  }

  /// Two strided convolutions, layer norm behind the second, and a window over the rest.
  private func judgement(of picture: [Double], _ weights: [String: [Double]]) -> Double {
    let first = convolution(picture, weights["main.0.weight"]!, size: 16, stride: 2, padding: 1)
      .map(leaky)
    let second = convolution(first, weights["main.2.weight"]!, size: 8, stride: 2, padding: 1)
    let (scale, shift) = (weights["main.3.weight"]!, weights["main.3.bias"]!)
    let normal = normalized(second).enumerated().map { index, value in
      leaky(value * scale[index % scale.count] + shift[index % shift.count])
    }
    return convolution(normal, weights["main.5.weight"]!, size: 4, stride: 1, padding: 0)[0]
  }

  private func leaky(_ x: Double) -> Double { x > 0 ? x : 0.2 * x }

  private func normalized(_ x: [Double]) -> [Double] {
    let mean = x.reduce(0, +) / Double(x.count)
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
    return x.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
  }

  /// `[size, size, I]` by filters `[I, 4, 4, O]`.
  private func convolution(
    _ x: [Double], _ filter: [Double], size: Int, stride: Int, padding: Int
  ) -> [Double] {
    let inputs = x.count / (size * size), outputs = filter.count / (16 * inputs)
    let made = (size + 2 * padding - 4) / stride + 1
    var y = [Double](repeating: 0, count: made * made * outputs)
    for row in 0..<made {
      for column in 0..<made {
        for tap in 0..<16 {
          let (fromRow, fromColumn) = (
            row * stride - padding + tap / 4, column * stride - padding + tap % 4
          )
          guard (0..<size).contains(fromRow), (0..<size).contains(fromColumn) else { continue }
          for input in 0..<inputs {
            let value = x[(fromRow * size + fromColumn) * inputs + input]
            for output in 0..<outputs {
              y[(row * made + column) * outputs + output] +=
                value * filter[(input * 16 + tap) * outputs + output]
            }
          }
        }
      }
    }
    return y
  }
}
