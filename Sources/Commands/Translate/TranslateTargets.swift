import ArgumentParser
import CycleGANKit

/// What `cyclegan translate` translates to, and by which models.
struct TranslateTargets: ParsableArguments {
  @Option(
    name: .customLong("model"), parsing: .singleValue,
    help: "A model file or a run folder; may be given several times.", completion: .file())
  var models: [String] = []

  @Option(
    name: .customLong("to"), parsing: .singleValue,
    help: """
      The domain to translate to: its name, or A or B; may be given several times. (default: B)
      """)
  var domains: [String] = []

  @Flag(help: "Show original, translation and the way back side by side.")
  var cycle = false

  @Option(help: "Pictures of one size that go through the generator together.")
  var batch = 1

  @Option(
    help: """
      Memory to use, such as 1G: what is too large for it is translated in strips, to the \
      same result but for a grey level here and there. Strips need at least 64M more than \
      the program, the model and the pictures. (default: half of what is free)
      """, transform: MemorySize.read)
  var maxMemory: MemorySize?

  @Option(
    help: """
      For films: share of earlier frames, 0 to 1, in what a frame is normalized by, against \
      flicker. (default: \(VideoTranslation.usualSmoothing))
      """)
  var smooth: Double?

  /// One domain, and the model that leads there.
  struct Target {
    let translation: FolderTranslation.Target
    let source: String
    let domain: String
    let trainedSize: Int?
    /// What a person is told.
    let words: String
  }

  func validate() throws {
    try Check.within(1...64, batch, "--batch")
    if let smooth { try Check.within(0...1, smooth, "--smooth") }
  }

  /// Finds and reads the models.
  ///
  /// - Parameter memory: What norms measure of the frames of a film; nil for pictures.
  /// - Throws: `TranslationError.unknownDomain` if no model leads to a domain.
  func load(on device: DeviceOption.Choice, remembering memory: NormMemory?) throws -> [Target] {
    let locator = ModelLocator()
    let choices =
      try models.isEmpty ? [locator.choose(nil)] : models.map { try locator.choose($0) }
    let described = try choices.map {
      (choice: $0, domains: try ModelFile.read($0.file, directions: []).description.domains)
    }
    let routes: [(ModelLocator.Choice, Direction)] =
      try domains.isEmpty
      ? choices.map { ($0, .aToB) } : domains.map { try Self.route(to: $0, among: described) }
    var names: Set<String> = []
    return try routes.map { choice, direction in
      try target(choice, direction, on: device, remembering: memory, names: &names)
    }
  }

  /// The first model that leads to a domain.
  private static func route(
    to domain: String,
    among models: [(choice: ModelLocator.Choice, domains: ModelDescription.Domains)]
  ) throws(TranslationError) -> (ModelLocator.Choice, Direction) {
    for model in models {
      if let direction = try? model.domains.direction(to: domain) {
        return (model.choice, direction)
      }
    }
    throw .unknownDomain(domain, known: models.flatMap { [$0.domains.a, $0.domains.b] })
  }

  private func target(
    _ choice: ModelLocator.Choice, _ direction: Direction, on device: DeviceOption.Choice,
    remembering normMemory: NormMemory?, names: inout Set<String>
  ) throws -> Target {
    let back: Direction = direction == .aToB ? .bToA : .aToB
    let file = try ModelFile.read(choice.file, directions: cycle ? [direction, back] : [direction])
    let memory = MemoryLimit(bytes: maxMemory?.bytes)
    let translator = try Translator(file, direction, file: choice.file, on: device.backend)
    translator.memory = memory
    translator.normMemory = normMemory
    let domains = file.description.domains
    let (source, domain) = (domains.source(of: direction), domains.target(of: direction))
    var words = "\(source) → \(domain)"
    var weights = file.checksum(direction)
    var translate: ([Pixels]) throws -> [Pixels] = { try translator($0) }
    if cycle {
      let returning = try Translator(file, back, file: choice.file, on: device.backend)
      returning.memory = memory
      returning.normMemory = normMemory
      let trip = RoundTrip(there: translator, back: returning)
      translate = { try trip($0) }
      words += " → \(source)"
      weights = [weights, file.checksum(back)].compactMap(\.self).joined(separator: "-")
    }
    return Target(
      translation: .init(
        name: Self.folderName(domain, &names), model: choice.file, weights: weights,
        translate: translate),
      source: source, domain: domain, trainedSize: file.description.preprocessing?.size,
      words: "\(words) by \(choice.words), on \(device.words)")
  }

  /// A name for a target's folder that no other target has.
  private static func folderName(_ domain: String, _ names: inout Set<String>) -> String {
    let base = domain.asFolderName
    var name = base, number = 2
    while !names.insert(name).inserted {
      name = "\(base)-\(number)"
      number += 1
    }
    return name
  }
}

/// A number of bytes as people write it: `1G`, `512M`, `1.5GiB`.
struct MemorySize: ExplainedArgument, Equatable {
  static let rule = "a number of bytes, as in 512M, 1G or 1.5GiB"

  /// The bytes.
  let bytes: Int

  init?(argument: String) {
    let text = argument.lowercased()
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let factors: [String: Double] = [
      "": 1, "b": 1, "k": 0x1p10, "kb": 0x1p10, "kib": 0x1p10, "m": 0x1p20, "mb": 0x1p20,
      "mib": 0x1p20, "g": 0x1p30, "gb": 0x1p30, "gib": 0x1p30, "t": 0x1p40, "tb": 0x1p40,
      "tib": 0x1p40,
    ]
    guard let number = Double(digits), let factor = factors[String(text.dropFirst(digits.count))],
      number * factor >= 1, number * factor < 0x1p60
    else { return nil }
    bytes = Int(number * factor)
  }
}
