import ArgumentParser

/// The root of the command line: `cyclegan <subcommand>`.
public struct CycleGANCommand: ParsableCommand {
  /// The program's version, as `--version` and model files give it.
  public static let version = "0.1.0"

  /// Name, help and subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "cyclegan",
    abstract: "Turn pictures of one kind into pictures of another, learnt from examples.",
    discussion: """
      Give it two folders of pictures, summers and winters, say. It learns to
      turn each kind into the other without pairs, and then translates folders.

      EXAMPLES:
        cyclegan dataset seasons seasons                   Pictures to try it on.
        cyclegan train seasons/trainA seasons/trainB --preset quick
        cyclegan translate seasons/testA winters           A folder of pictures.
        cyclegan score winters seasons/testB               How good they are.
        cyclegan inspect Models/seasons                    What a model is.

      Each subcommand has examples of its own: cyclegan <subcommand> --help
      """,
    version: version,
    subcommands: [
      TrainCommand.self, TranslateCommand.self, AugmentCommand.self, DatasetCommand.self,
      GANCommand.self, InspectCommand.self, ExportCommand.self, ScoreCommand.self,
      BenchmarkCommand.self, DeviceCommand.self,
    ])

  /// Creates the command; the parser fills it in.
  public init() {}
}
