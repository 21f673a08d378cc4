import ArgumentParser

/// The root of the command line: `cyclegan <subcommand>`.
public struct CycleGANCommand: ParsableCommand {
  /// The program's version, as `--version` and model files give it.
  public static let version = "0.1.0"

  public static let configuration = CommandConfiguration(
    commandName: "cyclegan",
    abstract: "Turn pictures of one kind into pictures of another, learnt from examples.",
    discussion: """
      Give it two folders of pictures, summers and winters, say. It learns to turn each kind
      into the other without pairs, and then translates whole folders.

      EXAMPLES:
        cyclegan dataset seasons Datasets/seasons      Draw pictures to try it on.
        cyclegan train Datasets/seasons/trainA Datasets/seasons/trainB --preset quick
        cyclegan translate summers/ winters/           Translate a folder of pictures.
        cyclegan inspect Models/summer2winter          See what a model is.

      Each subcommand has examples of its own: cyclegan <subcommand> --help
      """,
    version: version,
    subcommands: [InspectCommand.self])

  /// Creates the command; the parser fills it in.
  public init() {}
}
