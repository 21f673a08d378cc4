import Autograd
import Checkpoints
import ConvolutionCore
import Glibc
import Layers
import Tensors

/// A trained generator that makes samples of numbered noise.
///
/// Sample number i of a seed is always the same, however many are made at once.
public struct Sampler {
  /// The architecture.
  public let description: SamplerDescription
  private let network: LabelledNetwork
  private let backend: any Backend

  /// Wraps a network.
  public init(
    _ description: SamplerDescription, _ network: LabelledNetwork, on backend: any Backend
  ) {
    self.description = description
    self.network = network
    self.backend = backend
  }

  /// Builds the network of a model file.
  ///
  /// - Throws: `ParameterMismatch` if the file's parameters are not those of its description.
  public init(_ file: SamplerFile, on backend: any Backend) throws(ParameterMismatch) {
    let network = file.description.generator.network()
    try network.load(file.parameters)
    self.init(file.description.generator, network, on: backend)
  }

  /// The noise of some samples, `[N, 1, 1, latent]`.
  public func noise(_ numbers: some Collection<Int>, seed: UInt64) -> Tensor {
    Tensor(
      joining: numbers.map { number in
        var random = SeededRandom(seed: seed, index: number, purpose: "sample")
        return description.noise(1, using: &random)
      })
  }

  /// Makes samples from noise `[N, 1, 1, latent]`.
  ///
  /// - Parameters:
  ///   - noise: The noise.
  ///   - labels: Their classes, where the generator knows some.
  /// - Returns: `[N, size, size, channels]`: pictures in −1…1, or points.
  public func samples(_ noise: Tensor, labels: [Int] = []) -> Tensor {
    network(Tape(inference: backend).constant(noise), labels: labels).value
  }

  /// Makes samples of the noise of some numbers.
  ///
  /// - Parameters:
  ///   - numbers: At least one.
  ///   - seed: Of the noise.
  ///   - labels: Their classes, one for each, where the generator knows some.
  ///   - batch: How many are made at once, which decides how much memory it takes.
  public func samples(
    _ numbers: [Int], seed: UInt64, labels: [Int] = [], batch: Int
  ) -> Tensor {
    Tensor(
      joining: stride(from: 0, to: numbers.count, by: batch).map { start in
        let part = start..<min(start + batch, numbers.count)
        return samples(
          noise(numbers[part], seed: seed), labels: labels.isEmpty ? [] : Array(labels[part]))
      })
  }

  /// The noise on the way from one sample's to another's.
  ///
  /// Normal noise lies near a sphere, so the way leads along it; uniform noise fills a cube, so the
  /// way is straight.
  /// - Parameters:
  ///   - a, b: `[1, 1, 1, latent]`.
  ///   - steps: At least 2, both ends included.
  /// - Returns: `[steps, 1, 1, latent]`.
  public func way(from a: Tensor, to b: Tensor, steps: Int) -> Tensor {
    precondition(steps >= 2, "a way of \(steps) steps")
    let lengths = [a, b].map { $0.values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let product = zip(a.values, b.values).reduce(0) { $0 + $1.0 * $1.1 }
    let cosine = max(-1, min(1, product / max(lengths[0] * lengths[1], 1e-12)))
    let angle = description.noise == .normal ? acosf(cosine) : 0
    return Tensor(
      joining: (0..<steps).map { step in
        let t = Float(step) / Float(steps - 1)
        var (from, to) = (1 - t, t)
        if sinf(angle) > 1e-4 {
          (from, to) = (sinf((1 - t) * angle) / sinf(angle), sinf(t * angle) / sinf(angle))
        }
        return Tensor(a.shape, zip(a.values, b.values).map { from * $0 + to * $1 })
      })
  }
}
