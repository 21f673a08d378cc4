import CycleGANKit

/// Whole networks; random weights and pictures cost what real ones cost.
extension Benchmark {
  /// Measures an inference or a training step, and the memory it takes.
  func networkMeasurement(_ measured: Case) -> Measurement {
    forgetPeakMemory()
    let work = measured == .inference ? inference() : trainingStep()
    let times = BenchmarkTimes(repeats: repeats, on: backend, work)
    var result = measurement(measured, times)
    result.peakMemoryMb = peakMemoryMb
    result.add(operations: operations(measured), peak: peakGflops)
    return result
  }

  /// What all convolutions would take directly.
  private func operations(_ measured: Case) -> Double {
    guard measured == .trainingStep else {
      return Double(batch)
        * generatorLayers.reduce(0) { $0 + Double($1.uses) * $1.operations(.forward) }
    }
    return Double(batch)
      * (generatorLayers + discriminatorLayers).reduce(0) { sum, layer in
        BenchmarkedLayer.Verb.allCases.reduce(sum) {
          $0 + Double(layer.callsPerStep($1)) * layer.operations($1)
        }
      }
  }

  private var generator: GeneratorDescription {
    GeneratorDescription(blocks: blocks, filters: filters, upsampling: upsampling)
  }

  private func inference() -> () -> Void {
    let network = generator.network()
    network.initialize(seed: 1, name: "generatorAB")
    let picture = picture(index: 0)
    return { _ = network(picture, on: backend) }
  }

  private func trainingStep() -> () -> Void {
    let networks = CycleGAN(
      generator: generator, discriminator: DiscriminatorDescription(filters: filters))
    networks.initialize(seed: 1)
    let options = CycleGANOptions()
    let step = CycleGANStep(networks, options, on: backend)
    let (realA, realB) = (picture(index: 0), picture(index: 1))
    var number = 0
    return {
      let chances = CycleGANChances(seed: 1, step: number, batch: batch, poolSize: options.poolSize)
      _ = step(realA: realA, realB: realB, chances: chances)
      number += 1
    }
  }

  private func picture(index: Int) -> Tensor {
    var random = SeededRandom(seed: 1, index: index, purpose: "benchmark picture")
    return Tensor([batch, size, size, 3]) { random.uniform(in: -1...1) }
  }
}
