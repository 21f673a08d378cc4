import CycleGANKit
import Files

/// What there is to say about a model file.
struct ModelReport: Encodable {
  /// One generator of the model.
  struct Generator: Encodable {
    let direction: Direction
    let from: String
    let to: String
    let parameters: Int
  }

  let file: String
  let bytes: Int
  let domains: ModelDescription.Domains
  let architecture: GeneratorDescription
  let generators: [Generator]
  let preprocessing: ModelDescription.Preprocessing?
  let training: ModelDescription.Training?

  /// Reads and checks a model.
  ///
  /// - Throws: `FileError` or `CheckpointError`.
  init(of path: String) throws {
    let model = try ModelFile.read(path)
    file = path
    bytes = FileEntry(at: path)?.byteCount ?? 0
    domains = model.description.domains
    architecture = model.description.generator
    preprocessing = model.description.preprocessing
    training = model.description.training
    generators = Direction.allCases.compactMap { direction in
      model.generators[direction].map { parameters in
        Generator(
          direction: direction, from: model.description.domains.source(of: direction),
          to: model.description.domains.target(of: direction),
          parameters: parameters.values.reduce(0) { $0 + $1.count })
      }
    }
  }

  /// The report for a person.
  var lines: [String] {
    var facts = [("domains", domains.words)]
    facts.append(("generator", architecture.words))
    for generator in generators {
      let count = Numbers.grouped(generator.parameters)
      facts.append(("", "\(generator.from) → \(generator.to): \(count) parameters"))
    }
    facts.append(("file", Numbers.megabytes(bytes)))
    if let preprocessing {
      let size = preprocessing.size, load = preprocessing.loadSize
      let crop = size == load ? "" : ", cut from \(load)×\(load)"
      facts.append(("pictures", "\(size)×\(size)\(crop)"))
    }
    facts.append(contentsOf: Self.facts(about: training))
    return [file] + facts.map { "  " + $0.0.padding(to: 12) + $0.1 }
  }

  /// How a model came to be.
  static func facts(about training: ModelDescription.Training?) -> [(String, String)] {
    guard let training else { return [("trained", "not known")] }
    let steps = Numbers.counted(training.steps, "step")
    let epochs = Numbers.counted(training.epochs, "epoch")
    let summary =
      "\(steps) in \(epochs), seed \(training.seed), by \(training.program)"
    let options = training.options.sorted { $0.key < $1.key }
      .map { "--\($0.key) \($0.value)" }.joined(separator: " ")
    return [("trained", summary)] + (options.isEmpty ? [] : [("options", options)])
  }
}

extension ModelDescription.Domains {
  /// For example `A summer, B winter`; only the letters where they are the names.
  fileprivate var words: String {
    [("A", a), ("B", b)].map { $0 == $1 ? $0 : "\($0) \($1)" }.joined(separator: ", ")
  }
}

extension GeneratorDescription {
  /// For example `ResNet, 9 blocks, 64 filters, 3 → 3 channels, instance norm, …`.
  fileprivate var words: String {
    let depth =
      kind == .resnet ? "ResNet, \(Numbers.counted(blocks, "block"))" : "U-Net, \(blocks) levels"
    let parts = [
      depth, Numbers.counted(filters, "filter"), "\(inputChannels) → \(outputChannels) channels",
      norm == .none ? "no norm" : "\(norm.rawValue) norm",
      padding == .reflect ? "padding by reflection" : "padding by zeros",
      upsampling == .transposed ? "transposed convolutions" : "nearest upsampling",
    ]
    return (parts + (dropout ? ["dropout"] : [])).joined(separator: ", ")
  }
}
