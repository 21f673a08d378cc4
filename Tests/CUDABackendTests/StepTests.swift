import CUDABackend
import Checkpoints
import ConvolutionCore
import GANs
import Layers
import Tensors
import TestSupport
import Testing

@Suite("A training step on a stand-in for an NVIDIA GPU")
struct StepTests {
  private struct Outcome {
    var losses: [Float] = []
    var weights: [String: Tensor] = [:]
    var fake = Tensor(0)
  }

  /// Three steps of a small CycleGAN with everything that a training step has.
  private static func train(on backend: any Backend) -> Outcome {
    let networks = CycleGAN(
      generator: GeneratorDescription(blocks: 1, filters: 4, dropout: true),
      discriminator: DiscriminatorDescription(layers: 1, filters: 4))
    networks.initialize(seed: 1)
    let step = CycleGANStep(networks, CycleGANOptions(poolSize: 2), on: backend)
    var outcome = Outcome()
    for number in 0..<3 {
      var random = SeededRandom(seed: 3, index: number)
      let pictures = (0..<2).map { _ in Tensor([2, 16, 16, 3]) { random.uniform(in: -1...1) } }
      let result = step(
        realA: pictures[0], realB: pictures[1],
        chances: CycleGANChances(seed: 1, step: number, batch: 2, poolSize: 2))
      outcome.losses += result.losses.named.map(\.value)
      outcome.fake = result.fakeB
    }
    let parameters = networks.generatorParameters + networks.discriminatorParameters
    for named in parameters { outcome.weights[named.path] = named.parameter.value }
    return outcome
  }

  @Test("Losses, pictures and weights after three steps are the reference's")
  func steps() throws {
    let expected = Self.train(on: ReferenceBackend())
    let actual = try withTemporaryFolder { folder in
      Self.train(on: try CUDABackend(environment: StandInLibraries(in: folder).environment))
    }
    for (loss, reference) in zip(actual.losses, expected.losses) {
      #expect(abs(loss - reference) <= 1e-4 * max(1, abs(reference)))
    }
    let tolerance = Tolerance.relative(1e-3, because: "Adam turns rounding of small gradients")
    try requireClose(actual.fake, expected.fake, tolerance, "fake")
    for (path, weight) in expected.weights {
      try requireClose(try #require(actual.weights[path]), weight, tolerance, path)
    }
  }

  @Test("In bfloat16, losses and pictures after three steps are near the reference's")
  func bfloat16() throws {
    let expected = Self.train(on: ReferenceBackend())
    let actual = try withTemporaryFolder { folder in
      let environment = try StandInLibraries(in: folder).environment
      return Self.train(on: try CUDABackend(precision: .bfloat16, environment: environment))
    }
    for (loss, reference) in zip(actual.losses, expected.losses) {
      #expect(abs(loss - reference) <= 2e-2 * max(1, abs(reference)))
    }
    let tolerance = Tolerance.relative(0.1, because: "twenty layers of 8 bits")
    try requireClose(actual.fake, expected.fake, tolerance, "fake")
  }

  @Test(
    "The same bits from run to run, whether memory is reused or not",
    arguments: CUDAPrecision.allCases)
  func repeats(precision: CUDAPrecision) throws {
    try withTemporaryFolder { folder in
      let environment = try StandInLibraries(in: folder).environment
      let runs = try [false, true].map { reusesMemory in
        Self.train(
          on: try CUDABackend(
            precision: precision, environment: environment, reusesMemory: reusesMemory))
      }
      #expect(runs[0].weights == runs[1].weights)
      #expect(runs[0].losses == runs[1].losses)
    }
  }

  @Test("A tensor that was changed on one side is the same on the other")
  func sides() throws {
    try withTemporaryFolder { folder in
      let gpu = try CUDABackend(environment: StandInLibraries(in: folder).environment)
      var x = Tensor([3], [1, 2, 3])
      let before = x
      gpu.accumulate(&x, adding: Tensor([3], [10, 10, 10]))
      #expect(x.values == [11, 12, 13] && before.values == [1, 2, 3])
      x[1] = 0
      #expect(gpu.affine(x, scale: 2, shift: 0).values == [22, 0, 26])
      gpu.clip(&x, to: 12)
      #expect(x.values == [11, 0, 12])

      // What is derived of a filter follows its changes on either side.
      var filter = Tensor([1, 1, 1, 2], [3, 4])
      let pixel = Tensor([1, 1, 1, 1], [1])
      func convolved() -> [Float] {
        gpu.convolution(pixel, filter: filter, bias: nil, ConvolutionSpec()).values
      }
      #expect(convolved() == [3, 4])
      gpu.clip(&filter, to: 3.5)
      #expect(convolved() == [3, 3.5])
      filter[0] = 7
      #expect(convolved() == [7, 3.5])
    }
  }
}
