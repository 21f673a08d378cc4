import ArgumentParser
import CycleGANKit
import Files
import Foundation

/// `cyclegan train`: two folders of pictures become a model.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Learn to translate between two folders of pictures, both ways.",
    discussion: """
      The folders hold PNG and JPEG pictures of any sizes, searched recursively.
      No picture of one needs a counterpart in the other. The model, samples and
      a log are written into a run folder, from time to time and at the end.
      Ctrl-C saves; the same command with --resume goes on, and gives the same
      model as if it had not been stopped. A row of a sample is a picture, its
      translation, the way back, and what the other generator, which should leave
      it as it is, makes of it.

      PRESETS:
        laptop     128×128, 32 filters, 6 blocks, 120,000 steps:
                   a night on two cores; taken when none is named
        quick      64×64, 16 filters, 3 blocks, 20,000 steps: minutes
        reference  256×256, 64 filters, 9 blocks, 100 and 100 epochs:
                   what the paper does, days or weeks on a CPU

      EXAMPLES:
        cyclegan train summer/ winter/             Into Models/summer2winter.
        cyclegan train summer/ winter/ --resume    Go on after an interruption.
        cyclegan train summer/ winter/ --preset quick
        cyclegan train summer/ winter/ --time 8h   As much as fits into a night.
        cyclegan train summer/ winter/ --preset reference --dry-run
                                                   What it would take.
      """)

  @Argument(help: "A folder of pictures of the first kind, domain A.", completion: .file())
  var domainA: String

  @Argument(help: "A folder of pictures of the second kind, domain B.", completion: .file())
  var domainB: String

  @Option(
    help: "The run folder. (default: Models/<A>2<B>, or the data set's name)", completion: .file())
  var output: String?

  @OptionGroup(title: "What to train")
  var arguments: TrainArguments

  @OptionGroup(title: "How to run")
  var running: RunArguments

  func run() throws {
    let chosen = try running.device.choose { CPUBackend(threads: running.threads.count) }
    let folder = output ?? "Models/\(DomainNames(folderA: domainA, folderB: domainB).run)"
    var options = try chosenOptions(folder)
    try refuseUnusable(options)
    try running.refuse(folder, inside: [domainA, domainB])
    running.noteForeign(in: [domainA, domainB])
    if running.dryRun {
      return try DryRun(options, folder: folder, isResumed: running.resume, on: chosen)
        .write(asJSON: running.json)
    }
    try running.begin(in: folder, on: chosen)
    if case .time = options.length {
      let measured = try StepMeasurement(options, catalog: .complete, on: chosen.backend)
      options = options.fitted(secondsPerStep: measured.secondsPerStep)
    }
    let trainer = try Trainer(
      options, in: folder, resuming: running.resume, catalog: .complete, on: chosen.backend,
      pace: running.pace, program: "cyclegan \(CycleGANCommand.version)")
    try running.followed(trainer.log).follow { try trainer.run(until: $0, listener: $1) }
  }

  private func refuseUnusable(_ options: TrainingOptions) throws {
    guard RealPath.of(domainA) != RealPath.of(domainB) else {
      throw ValidationError(
        "\(domainA) is both domains, and there is nothing to translate. Name two folders.")
    }
    do { try options.validate() } catch { throw ValidationError("\(error)") }
  }
}

// MARK: - Options

extension TrainCommand {
  /// The preset with what was given on the command line; on resuming, the options of the run.
  private func chosenOptions(_ folder: String) throws -> TrainingOptions {
    let (a, b) = domains
    if running.resume, let saved = try Trainer.savedOptions(in: folder) {
      return try options(of: saved, a, b, in: folder)
    }
    var options = TrainingOptions(
      preset: arguments.preset ?? .standard, domainA: a, domainB: b)
    try arguments.apply(to: &options)
    return options
  }

  /// The options of a run that goes on: what is given besides must be what it began with.
  private func options(
    of saved: TrainingOptions, _ a: TrainingOptions.Domain, _ b: TrainingOptions.Domain,
    in folder: String
  ) throws -> TrainingOptions {
    var asked =
      arguments.preset.map { TrainingOptions(preset: $0, domainA: a, domainB: b) } ?? saved
    // The model that it began with may be gone.
    if arguments.beginsLike(saved) {
      (asked.initialWeights, asked.generator) = (saved.initialWeights, saved.generator)
      asked.discriminatorFilters = saved.discriminatorFilters
    }
    try arguments.apply(to: &asked)
    if case .time = asked.length { asked.length = saved.length }
    let changed = asked.differences(from: saved)
    guard changed.isEmpty else {
      throw ValidationError(
        "A run goes on with the options that it began with; these differ: "
          + "\(changed.joined(separator: ", ")). Leave them out, or begin another run: --output NEW, "
          + "and --initial-weights \(folder) to begin it with what this one has learnt.")
    }
    var options = saved
    // The folders may be named in another way this time; whether the pictures are the same is
    // checked later.
    options.domainA.folder = domainA
    options.domainB.folder = domainB
    options.domainA.testFolder = samplesFolder(
      arguments.testA, saved.domainA.testFolder, a.testFolder)
    options.domainB.testFolder = samplesFolder(
      arguments.testB, saved.domainB.testFolder, b.testFolder)
    if arguments.time != nil { running.noteLength(options.length) }
    return options
  }

  /// The pictures for samples: in the folder that is named, or as before, or beside the others.
  private func samplesFolder(_ named: String?, _ saved: String?, _ beside: String?) -> String? {
    if let named { return named }
    if let saved, FileManager.default.fileExists(atPath: saved) { return saved }
    return beside
  }

  private var domains: (a: TrainingOptions.Domain, b: TrainingOptions.Domain) {
    let names = DomainNames(folderA: domainA, folderB: domainB)
    func testFolder(_ folder: String, unless named: String?) -> String? {
      guard named == nil, let path = DomainNames.testFolder(beside: folder) else { return nil }
      do {
        _ = try ImageFolder(path)
      } catch DatasetError.missingFolder, DatasetError.noPictures, DatasetError.notAFolder {
        return nil
      } catch {
        // Nobody has named it, and nothing is learnt from it.
        if !running.quiet { Console.note("Samples are of training pictures: \(error)") }
        return nil
      }
      return path
    }
    return (
      .init(
        name: names.a, folder: domainA, testFolder: testFolder(domainA, unless: arguments.testA)),
      .init(
        name: names.b, folder: domainB, testFolder: testFolder(domainB, unless: arguments.testB))
    )
  }
}
