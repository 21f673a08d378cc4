import ArgumentParser
import CycleGANKit
import Files

/// `cyclegan gan train`: a folder of pictures becomes a generator from noise.
struct GANTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Learn to make more of the pictures of a folder.",
    discussion: """
      The pictures are scaled and cut to squares of one size; convolutions take
      4 or 7 pixels, doubled once or more (28, 32, 64). Folders in the folder
      are labels. Data sets in the format of MNIST are read as they are. Without
      any files, digits draws handwritten digits; ring and grid draw points of
      the plane. Ctrl-C saves; the same command with --resume goes on, and gives
      the same model as if it had not been stopped.

      FAMILIES:
        vanilla      the first GAN: perceptrons, cross-entropy
        conditional  the same, told the label (--network convolutional: DCGAN)
        dcgan        strided convolutions, batch norm; taken when none is named
        wgan         a critic of clipped weights, RMSProp, five turns a step
        wgan-gp      a critic whose slope is penalised, layer norm

      EXAMPLES:
        cyclegan gan train digits                  Into Models/digits-dcgan.
        cyclegan gan train digits --family conditional --network convolutional
        cyclegan gan train photos/ --size 64 --time 2h --average 1000
        cyclegan gan train fashion/ --family wgan-gp --resume
        cyclegan gan train grid --family wgan-gp --dry-run
      """)

  @Argument(
    help: "A folder of pictures, an IDX file, or digits, ring or grid.", completion: .file())
  var source: String

  @Option(help: "The run folder. (default: Models/<source>-<family>)", completion: .file())
  var output: String?

  @OptionGroup(title: "What to train")
  var arguments: GANTrainArguments

  @OptionGroup(title: "How to run")
  var running: RunArguments

  func run() throws {
    let chosen = try running.device.choose { CPUBackend(threads: running.threads.count) }
    let folder = output ?? defaultFolder
    try running.refuse(folder, inside: [source])
    running.noteForeign(in: [source])
    let saved = running.resume ? try GANTrainer.savedOptions(in: folder) : nil
    let source = arguments.source(source, after: saved)
    let samples = try source.open()
    var options = try chosenOptions(source, samples, saved)
    try arguments.refuseUseless(options.model)
    do { try options.validate() } catch { throw ValidationError("\(error)") }
    if running.dryRun {
      return try GANDryRun(
        options, samples, folder: folder, isResumed: running.resume, on: chosen
      ).write(asJSON: running.json)
    }
    try running.begin(in: folder, on: chosen)
    if case .time = options.length {
      options = options.fitted(
        secondsPerStep: try options.secondsPerStep(samples, on: chosen.backend))
    }
    let trainer = try GANTrainer(
      options, samples: samples, in: folder, resuming: running.resume, on: chosen.backend,
      pace: running.pace, program: "cyclegan \(CycleGANCommand.version)")
    try running.followed(trainer.log).follow { try trainer.run(until: $0, listener: $1) }
  }

  private var defaultFolder: String {
    let name = FilePaths.parts(of: source).last { $0 != "." && $0 != ".." }
    return "Models/\(name ?? "samples")-\((arguments.family ?? .dcgan).rawValue)"
  }

  /// The family's numbers with what was given on the command line; on resuming, the options of
  /// the run, from which what is given must not differ.
  private func chosenOptions(
    _ source: GANTrainingOptions.Source, _ samples: SampleSource, _ saved: GANTrainingOptions?
  ) throws -> GANTrainingOptions {
    guard let saved else {
      var options = GANTrainingOptions(
        arguments.family ?? .dcgan, source: source, samples: samples, kind: arguments.network)
      arguments.apply(to: &options)
      return options
    }
    var asked = saved
    if let family = arguments.family { asked.family = family }
    arguments.apply(to: &asked)
    if case .time = asked.length { asked.length = saved.length }
    let changed = asked.differences(from: saved)
    guard changed.isEmpty else {
      throw ValidationError(
        "A run goes on with the options that it began with; these differ: "
          + "\(changed.joined(separator: ", ")). Leave them out, or begin another run by --output.")
    }
    if arguments.time != nil { running.noteLength(saved.length) }
    var options = saved
    options.source = source
    return options
  }
}
