import CycleGANKit
import Files

/// What there is to say about the file of a generator from noise.
struct SamplerReport: Encodable {
  let file: String
  let bytes: Int
  let family: GANFamily
  let generator: SamplerDescription
  let labels: [String]
  let parameters: Int
  let training: ModelDescription.Training?

  /// Reads and checks a model.
  ///
  /// - Throws: `FileError` or `CheckpointError`.
  init(of path: String) throws {
    let model = try SamplerFile.read(path)
    file = path
    bytes = FileEntry(at: path)?.byteCount ?? 0
    family = model.description.family
    generator = model.description.generator
    labels = model.description.labels
    parameters = generator.network().parameterCount
    training = model.description.training
  }

  /// The report for a person.
  var lines: [String] {
    let sample = generator.sample, latent = Numbers.counted(generator.latent, "number")
    let made = sample.isPoint ? "points" : "pictures of \(sample.size)×\(sample.size)"
    var facts = [
      ("family", family.rawValue),
      ("makes", "\(made), \(Numbers.counted(sample.channels, "channel"))"),
      ("of", "\(latent) of \(generator.noise.rawValue) noise"),
    ]
    if !labels.isEmpty { facts.append(("labels", labels.joined(separator: ", "))) }
    facts += [
      (
        "generator",
        "\(generator.kind.rawValue), \(generator.norm == .none ? "no" : generator.norm.rawValue) norm, "
          + "\(Numbers.grouped(parameters)) parameters"
      ),
      ("file", Numbers.megabytes(bytes)),
    ]
    return [file]
      + (facts + ModelReport.facts(about: training)).map {
        "  " + $0.0.padding(to: 12) + $0.1
      }
  }
}
