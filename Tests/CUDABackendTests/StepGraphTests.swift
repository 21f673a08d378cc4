import Checkpoints
import ConvolutionCore
import GANs
import Layers
import Tensors
import TestSupport
import Testing

@testable import CUDABackend

@Suite("Training steps as graphs, on a stand-in for an NVIDIA GPU")
struct StepGraphTests {
  /// All that can be seen of a step.
  private struct Outcome: Equatable {
    var losses: [Float] = []
    var pictures: [[Float]] = []
    var weights: [[Float]] = []
  }

  /// Steps of a small CycleGAN, and what can be seen of each.
  ///
  /// With pools, a falling learning rate, a copy of the weights held across one of them, another
  /// size in between, and weights of before put back. Pictures are read a step late.
  private static func train(on backend: CUDABackend, steps: Int = 8, size usual: Int = 16)
    -> [Outcome]
  {
    let networks = CycleGAN(
      generator: GeneratorDescription(blocks: 1, filters: 4),
      discriminator: DiscriminatorDescription(layers: 1, filters: 4))
    networks.initialize(seed: 1)
    let step = CycleGANStep(networks, CycleGANOptions(poolSize: 2), on: backend)
    let parameters = networks.generatorParameters + networks.discriminatorParameters
    var outcomes: [Outcome] = []
    var last: CycleGANStepResult?
    func readLast() {
      guard let made = last else { return }
      outcomes[outcomes.count - 1].pictures = [
        made.fakeA, made.fakeB, made.recoveredA, made.recoveredB,
      ].map(\.values)
    }
    for number in 0..<steps {
      let checkpoint = number == 4 ? parameters.map(\.parameter.value) : []
      // Its pools hold pictures of one size.
      if number == 5 || number == 6 { (step.poolA, step.poolB) = (.init(size: 2), .init(size: 2)) }
      if number == 7 {
        for (named, weights) in zip(parameters, outcomes[2].weights) {
          named.parameter.value = Tensor(named.parameter.shape, weights)
        }
      }
      let size = number == 5 ? 12 : usual
      var random = SeededRandom(seed: 3, index: number)
      let pictures = (0..<2).map { _ in
        Tensor([1, size, size, 3]) { random.uniform(in: -1...1) }
      }
      let result = step(
        realA: pictures[0], realB: pictures[1],
        chances: CycleGANChances(seed: 1, step: number, batch: 1, poolSize: 2),
        rateFactor: 1 / Double(1 + number))
      readLast()
      last = result
      if number == 4 { #expect(checkpoint.map(\.values) == outcomes[3].weights) }
      outcomes.append(
        Outcome(
          losses: result.losses.named.map(\.value),
          weights: parameters.map { $0.parameter.value.values }))
    }
    readLast()
    return outcomes
  }

  @Test(
    "Steps by graphs equal steps kernel by kernel, bit for bit", arguments: CUDAPrecision.allCases)
  func steps(precision: CUDAPrecision) throws {
    try withTemporaryFolder { folder in
      let eager = try GraphDevice(in: folder, graphs: false, precision: precision)
      let expected = Self.train(on: eager.backend)
      #expect(eager.backend.graphLaunches == 0)
      for reusesMemory in [false, true] {
        let device = try GraphDevice(
          in: folder, graphs: true, precision: precision, reusesMemory: reusesMemory)
        let actual = Self.train(on: device.backend)
        for number in expected.indices {
          #expect(actual[number] == expected[number], "step \(number)")
        }
        // Both halves of the second to fifth step, and of the last two.
        #expect(device.notes.all.isEmpty && device.backend.graphLaunches == 12)
      }
    }
  }

  @Test("So they do where norms with mirrored borders are computed by clusters of blocks")
  func clusters() throws {
    let size = 96
    // A residual block's activations, and the first picture for a 7×7 filter that is unrolled.
    let slabs = NormSlabs([1, size / 4, size / 4, 16], inClusters: true)
    #expect(slabs?.isInClusters == true)
    let spec = ConvolutionSpec(padding: .reflect(3))
    #expect(RowUnrolling(input: [1, size, size, 3], filter: [3, 7, 7, 4], spec) != nil)
    try withTemporaryFolder { folder in
      let eager = try GraphDevice(in: folder, graphs: false, precision: .bfloat16)
      let expected = Self.train(on: eager.backend, steps: 3, size: size)
      let device = try GraphDevice(in: folder, graphs: true, precision: .bfloat16)
      #expect(eager.backend.hasClusters && device.backend.hasClusters)
      #expect(Self.train(on: device.backend, steps: 3, size: size) == expected)
      #expect(device.notes.all.isEmpty && device.backend.graphLaunches == 4)
    }
  }

  @Test("A training with dropout is done kernel by kernel")
  func dropout() throws {
    try withTemporaryFolder { folder in
      let device = try GraphDevice(in: folder, graphs: true)
      let networks = CycleGAN(
        generator: GeneratorDescription(blocks: 1, filters: 2, dropout: true),
        discriminator: DiscriminatorDescription(layers: 1, filters: 2))
      networks.initialize(seed: 1)
      let step = CycleGANStep(networks, CycleGANOptions(), on: device.backend)
      for number in 0..<3 {
        _ = step(
          realA: Tensor(zeros: [1, 8, 8, 3]), realB: Tensor(zeros: [1, 8, 8, 3]),
          chances: CycleGANChances(seed: 1, step: number, batch: 1, poolSize: 2))
      }
      #expect(device.backend.graphLaunches == 0 && device.notes.all.isEmpty)
    }
  }
}
