import ArgumentParser

/// `cyclegan dataset`: data sets that the program makes itself.
struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset",
    abstract: "Make a data set.",
    subcommands: [SeasonsCommand.self, DigitsCommand.self])
}
