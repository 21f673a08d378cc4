import ArgumentParser
import CycleGANKit

/// `cyclegan benchmark`: how long things take on this machine.
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measure how long translating and training take on this machine.",
    usage: "cyclegan benchmark [<options>]",
    discussion: """
      A training step is all of CycleGAN's: both generators and discriminators,
      cycle and identity losses, image pools, Adam. Layers are the distinct
      convolutions of both kinds of networks, each forward and backward, with the
      calls that a training step makes. DCGAN's step is one of 64 pictures of
      64×64, whatever the size. The loader decodes a JPEG, scales it,
      crops and flips it, on one thread. Augmenting is done on one thread too,
      each operation of a recipe by itself.

      Times are in milliseconds. GFLOP/s count the operations of direct
      convolution, so that Winograd's pass the processor's peak, which is
      measured too. Memory is the most that the process has held at once, or on a
      GPU its tensors.

      EXAMPLES:
        cyclegan benchmark
        cyclegan benchmark --case inference --size 512 --repeats 5
        cyclegan benchmark --case layers --layer 3×3 --threads 1 --algorithm direct
        cyclegan benchmark --case training-step --upsampling nearest --json
        cyclegan benchmark --case augment --size 512 --recipe mine.yaml
      """)

  @Option(
    name: .customLong("case"),
    help: """
      What to measure: inference, training-step, dcgan-step, layers, loader or augment. \
      (default: all)
      """)
  var cases: [Benchmark.Case] = []

  @Option(help: "Pixels per side.")
  var size = 256

  @Option(help: "Pictures at once: in an inference, or of each domain in a step of training.")
  var batch = 1

  @Option(help: "Filters of the generators' first layer, and of the discriminators'.")
  var filters = 64

  @Option(help: "Residual blocks of the generators.")
  var blocks = 9

  @Option(help: "How the generators double the resolution.")
  var upsampling = GeneratorDescription.Upsampling.transposed

  @Option(help: "Only layers whose names hold this, such as 3×3 or discriminator. (default: all)")
  var layer: String?

  @Option(
    help: "A picture file to load and to augment. (default: a landscape, drawn and encoded)",
    completion: .file())
  var picture: String?

  @Option(help: "The recipe or preset whose operations are measured.")
  var recipe = Preset.strong.rawValue

  @OptionGroup var threads: ThreadsOption
  @OptionGroup var device: DeviceOption

  @Option(help: "Measured repetitions, after one to warm up (three on a GPU).")
  var repeats = 3

  @Option(help: "How convolutions are computed.")
  var algorithm = CPUBackend.Algorithm.auto

  @OptionGroup var instructionSet: InstructionSetOption

  @Flag(name: .shortAndLong, help: "Write the results only.")
  var quiet = false

  @Flag(help: "Write a line of JSON for each measurement instead of tables.")
  var json = false

  func validate() throws {
    try Check.within(1...4096, batch, "--batch")
    try Check.within(1...4096, filters, "--filters")
    try Check.within(0...1000, blocks, "--blocks")
    try Check.within(1...100_000, repeats, "--repeats")
    let largest = TrainingOptions.largestSize
    guard (24...largest).contains(size), size % 4 == 0 else {
      throw ValidationError(
        "--size is \(size) and must be a multiple of 4 from 24 to \(largest).")
    }
  }

  func run() throws {
    let chosen = try device.choose {
      CPUBackend(
        threads: threads.count, instructionSet: instructionSet.value, algorithm: algorithm)
    }
    var benchmark = Benchmark(backend: chosen.backend)
    benchmark.size = size
    benchmark.batch = batch
    benchmark.filters = filters
    benchmark.blocks = blocks
    benchmark.upsampling = upsampling
    benchmark.layer = layer
    if let layer, benchmark.measuredLayers.isEmpty {
      throw ValidationError("No layer's name holds '\(layer)'. Leave --layer out to see the names.")
    }
    benchmark.picture = picture
    benchmark.recipe = try Recipe.load(recipe, catalog: .complete)
    benchmark.repeats = repeats
    if !quiet {
      let depth = Numbers.counted(blocks, "block"), width = Numbers.counted(filters, "filter")
      Console.note(
        "ResNet of \(depth) and \(width) at \(size)×\(size), on \(chosen.words)")
    }
    var results: [Benchmark.Measurement] = []
    for measured in cases.isEmpty ? Benchmark.Case.allCases : cases {
      let measurements = try benchmark.measure(measured)
      if json { try measurements.forEach { try Console.writeJSON($0) } }
      results += measurements
    }
    if !json { for line in BenchmarkReport(results).lines { try Console.write(line) } }
  }
}

extension Benchmark.Case: ExpressibleByArgument {}
extension CPUBackend.Algorithm: ExpressibleByArgument {}
