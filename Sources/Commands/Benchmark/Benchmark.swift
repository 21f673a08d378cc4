import CycleGANKit
import Foundation

/// What is measured, and on what.
struct Benchmark {
  /// A piece of work.
  enum Case: String, CaseIterable, Encodable {
    /// One generator, one picture.
    case inference
    /// One step of CycleGAN: four networks, identity losses, pools, both Adams.
    case trainingStep = "training-step"
  }

  /// What a measurement gave.
  struct Measurement: Encodable {
    let `case`: Case
    let size: Int
    let filters: Int
    let blocks: Int
    let threads: Int
    let algorithm: String
    let instructionSet: String
    let repeats: Int
    /// Median of the repeats.
    let medianMs: Double
    /// The fastest repeat.
    let minMs: Double
    /// The most memory that the process has held at once, in millions of bytes.
    let peakMemoryMb: Double
  }

  /// Pixels per side.
  var size = 256
  /// Filters of generators and discriminators.
  var filters = 64
  /// Residual blocks of the generators.
  var blocks = 9
  /// Measured repetitions, after one that is not counted.
  var repeats = 3
  /// The backend that computes.
  let backend: CPUBackend

  /// Measures one case.
  func measure(_ measured: Case) -> Measurement {
    PeakMemory.reset()
    let work = work(measured)
    work(0)
    let times = (1...repeats).map { repetition in
      let start = MonotonicClock.seconds()
      work(repetition)
      return 1000 * (MonotonicClock.seconds() - start)
    }.sorted()
    let middle = times.count / 2
    let median =
      times.count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2
    return Measurement(
      case: measured, size: size, filters: filters, blocks: blocks, threads: backend.pool.threads,
      algorithm: backend.algorithm.rawValue, instructionSet: backend.instructionSet.rawValue,
      repeats: repeats, medianMs: Self.rounded(median), minMs: Self.rounded(times[0]),
      peakMemoryMb: Self.rounded(Double(PeakMemory.bytes ?? 0) / 1e6))
  }

  /// The work of a case; random weights and pictures cost what real ones cost.
  private func work(_ measured: Case) -> (_ repetition: Int) -> Void {
    let generator = GeneratorDescription(blocks: blocks, filters: filters)
    switch measured {
    case .inference:
      let network = generator.network()
      network.initialize(seed: 1, name: "generatorAB")
      let picture = picture(index: 0)
      return { _ in _ = network(picture, on: backend) }
    case .trainingStep:
      let networks = CycleGAN(
        generator: generator, discriminator: DiscriminatorDescription(filters: filters))
      networks.initialize(seed: 1)
      let options = CycleGANOptions()
      let step = CycleGANStep(networks, options, on: backend)
      let (realA, realB) = (picture(index: 0), picture(index: 1))
      return { repetition in
        let chances = CycleGANChances(
          seed: 1, step: repetition, batch: 1, poolSize: options.poolSize)
        _ = step(realA: realA, realB: realB, chances: chances)
      }
    }
  }

  private func picture(index: Int) -> Tensor {
    var random = SeededRandom(seed: 1, index: index, purpose: "benchmark picture")
    return Tensor([1, size, size, 3]) { random.uniform(in: -1...1) }
  }

  private static func rounded(_ number: Double) -> Double { (number * 100).rounded() / 100 }
}
