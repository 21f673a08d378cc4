import CycleGANKit

/// The training step of DCGAN, whose batches are large and whose pictures are small.
extension Benchmark {
  /// Measures a step: the discriminator's turn and the generator's.
  func dcganMeasurement() -> Measurement {
    let batch = 64, sample = SampleShape(size: 64, channels: 3)
    var model = AdversarialModel(.dcgan, making: sample)
    (model.generator.width, model.discriminator.width) = (filters, filters)
    let step = AdversarialStep(model, on: backend)
    step.generator.initialize(seed: 1, name: "generator")
    step.discriminator.initialize(seed: 1, name: "discriminator")
    var random = SeededRandom(seed: 1, purpose: "benchmark pictures")
    let real = Tensor([batch, sample.size, sample.size, sample.channels]) {
      random.uniform(in: -1...1)
    }
    var number = 0
    forgetPeakMemory()
    let times = BenchmarkTimes(repeats: repeats, on: backend) {
      let turn = AdversarialTurn(
        real: real, labels: [], for: model.generator, seed: 1, number: number)
      _ = step([turn])
      number += 1
    }
    var result = measurement(.dcganStep, times)
    result.size = sample.size
    result.batch = batch
    result.blocks = 0
    result.peakMemoryMb = peakMemoryMb
    return result
  }
}
