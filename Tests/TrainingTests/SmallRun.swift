import Checkpoints
import ConvolutionCore
import TestSupport
import Training

/// A run of tiny networks on tiny pictures.
struct SmallRun {
  let options: TrainingOptions
  let folder: String

  init(
    in folder: String, name: String = "run", domains: SmallDomains? = nil, steps: Int = 9,
    _ change: (inout TrainingOptions) -> Void = { _ in }
  ) throws {
    let domains = try domains ?? SmallDomains(in: folder)
    var options = TrainingOptions(
      preset: .quick, domainA: .init(name: "warm", folder: domains.a),
      domainB: .init(name: "cold", folder: domains.b))
    options.length = .steps(steps)
    options.size = 24
    options.loadSize = 27
    options.generator.filters = 4
    options.generator.blocks = 1
    options.discriminatorFilters = 4
    // A batch that divides neither domain, and a pool that fills on the way.
    options.batch = 2
    options.poolSize = 3
    options.average = 4
    change(&options)
    self.options = options
    self.folder = "\(folder)/\(name)"
  }

  func trainer(
    resuming: Bool = false,
    pace: TrainingPace = .init(save: .never, sample: .never)
  ) throws -> Trainer {
    try Trainer(
      options, in: folder, resuming: resuming, on: CPUBackend(threads: 1), pace: pace)
  }

  /// The weights, moments and pools of the checkpoint.
  var state: Safetensors { get throws { try Safetensors.read(folder + "/state.safetensors") } }
}
