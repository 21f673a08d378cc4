import CycleGANKit

/// What is measured, and on what.
struct Benchmark {
  /// A kind of work.
  enum Case: String, CaseIterable, Encodable {
    /// One generator, one batch.
    case inference
    /// One step of CycleGAN: four networks, identity losses, pools, both Adams.
    case trainingStep = "training-step"
    /// One step of DCGAN: 64 pictures of 64×64, both networks, both Adams.
    case dcganStep = "dcgan-step"
    /// Every distinct convolution of the networks, in every verb.
    case layers
    /// A picture on its way into a training step, on one thread.
    case loader
    /// Every operation of a recipe by itself, on a decoded picture, on one thread.
    case augment
  }

  /// What a measurement gave.
  struct Measurement: Encodable {
    let `case`: Case
    var size: Int
    /// Pictures of each domain at once.
    var batch: Int
    let filters: Int
    var blocks: Int
    let upsampling: GeneratorDescription.Upsampling
    /// The device, as backends describe themselves.
    let device: String
    /// Of the processor; none of a GPU.
    let threads: Int?
    let algorithm: String?
    let instructionSet: String?
    let repeats: Int
    /// Median of the repeats.
    let medianMs: Double
    /// The fastest repeat.
    let minMs: Double
    /// The most memory that the process has held at once, or on a GPU the tensors, in millions of
    /// bytes.
    var peakMemoryMb: Double?
    /// Pictures that a loader on one thread makes.
    var picturesPerSecond: Double?
    /// The operation of a recipe that was measured.
    var operation: String?
    /// The layer that was measured, its convolution's filter, and how often a network has it.
    var layer: String?
    var filter: [Int]?
    var uses: Int?
    /// What was computed for the layer, and how often a training step does it.
    var verb: BenchmarkedLayer.Verb?
    var callsPerStep: Int?
    /// Operations of direct convolution, in 10⁹ a second: Winograd, which needs fewer, has more.
    var gflops: Double?
    /// What the processor could do at most, measured in the same run.
    var peakGflops: Double?
    /// The part of it that was reached.
    var peakFraction: Double?

    /// Tells how many operations direct convolution would have taken.
    mutating func add(operations: Double, peak: Double?) {
      let speed = operations / medianMs / 1e6
      gflops = speed.rounded(toDigits: 3)
      peakGflops = peak?.rounded(toDigits: 1)
      peakFraction = peak.map { (speed / $0).rounded(toDigits: 4) }
    }
  }

  /// Pixels per side.
  var size = 256
  /// Pictures at once: in an inference, or of each domain in a training step.
  var batch = 1
  /// Filters of generators and discriminators.
  var filters = 64
  /// Residual blocks of the generators.
  var blocks = 9
  /// How the generators double the resolution.
  var upsampling = GeneratorDescription.Upsampling.transposed
  /// What a layer's name must hold to be measured; nil for every layer.
  var layer: String?
  /// The picture file that the loader decodes; nil for a drawn landscape of `size`.
  var picture: String?
  /// The operations that are measured.
  var recipe = Preset.strong.pipeline
  /// Measured repetitions, after those that are not counted.
  var repeats = 3
  /// The backend that computes.
  let backend: any Backend
  /// Multiply-adds that the processor's threads do at most, two operations each, in 10⁹ a second;
  /// nil on a GPU.
  let peakGflops: Double?

  /// Prepares measurements on a backend.
  init(backend: any Backend) {
    self.backend = backend
    peakGflops = (backend as? CPUBackend).map { processor in
      var operations = 0.0
      let times = BenchmarkTimes(repeats: 5) { operations = processor.multiplyAdd(rounds: 100_000) }
      return operations / times.fastest / 1e6
    }
  }

  /// Measures one case.
  func measure(_ measured: Case) throws -> [Measurement] {
    switch measured {
    case .inference, .trainingStep: [networkMeasurement(measured)]
    case .dcganStep: [dcganMeasurement()]
    case .layers: layerMeasurements()
    case .loader: [try loaderMeasurement()]
    case .augment: try augmentMeasurements()
    }
  }

  /// Begins to measure the most memory.
  func forgetPeakMemory() {
    if let gpu = backend as? CUDABackend { gpu.forgetPeakMemory() } else { PeakMemory.reset() }
  }

  /// The most memory since then, in millions of bytes.
  var peakMemoryMb: Double? {
    let bytes = (backend as? CUDABackend)?.peakMemoryBytes ?? PeakMemory.bytes
    return bytes.map { (Double($0) / 1e6).rounded(toDigits: 2) }
  }

  /// A measurement of what times were taken of.
  func measurement(_ measured: Case, _ times: BenchmarkTimes, threads: Int? = nil) -> Measurement {
    let processor = backend as? CPUBackend
    return Measurement(
      case: measured, size: size, batch: batch, filters: filters, blocks: blocks,
      upsampling: upsampling,
      device: backend.description, threads: threads ?? processor?.pool.threads,
      algorithm: processor?.algorithm.rawValue, instructionSet: processor?.instructionSet.rawValue,
      repeats: repeats,
      medianMs: times.median.rounded(toDigits: 4), minMs: times.fastest.rounded(toDigits: 4))
  }
}

extension Double {
  /// The number without the digits that a measurement does not have.
  func rounded(toDigits digits: Int) -> Double {
    let scale = (0..<digits).reduce(1.0) { scale, _ in 10 * scale }
    return (self * scale).rounded() / scale
  }
}
