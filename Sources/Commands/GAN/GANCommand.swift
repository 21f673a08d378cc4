import ArgumentParser

/// `cyclegan gan`: networks that make pictures, or points, from noise.
struct GANCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gan",
    abstract: "Make pictures from noise, learnt from examples: the families before CycleGAN.",
    subcommands: [GANTrainCommand.self, GANSampleCommand.self, GANScoreCommand.self])
}
