import ArgumentParser
import CycleGANKit
import Files
import Foundation

/// `cyclegan gan sample`: a generator from noise makes pictures, or points.
struct GANSampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Make samples by a trained generator.",
    usage: "cyclegan gan sample <model> <output> [<options>]",
    discussion: """
      Pictures are written as PNG files; a model that knows labels gets a folder
      for each, as other programs read them. Models of points write a table of x
      and y. Sample number i of a seed is always the same, however many are made.

      EXAMPLES:
        cyclegan gan sample Models/digits-dcgan samples --count 1000
        cyclegan gan sample Models/digits-conditional sevens --label 7
        cyclegan gan sample Models/digits-dcgan grid.png --grid
        cyclegan gan sample Models/digits-dcgan ways.png --interpolate --count 8
        cyclegan gan sample Models/grid-wgan-gp points.csv --count 10000
      """)

  @Argument(help: "A run folder of gan train, or its model file.", completion: .file())
  var model: String

  @Argument(
    help: "A folder; a PNG file for --grid and --interpolate, a table for points.",
    completion: .file())
  var output: String

  @Option(help: "Samples; of a model that knows labels, spread evenly over them.")
  var count = 64

  @Option(help: "Another seed, other samples.")
  var seed: UInt64 = 1

  @Option(help: "Only samples of this label, as the model names it.")
  var label: String?

  @Flag(help: "One picture of all samples, in rows.")
  var grid = false

  @Flag(help: "One picture of --count rows, each on its way from one sample to the next.")
  var interpolate = false

  @OptionGroup var threads: ThreadsOption

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  func validate() throws {
    try Check.within(1...10_000_000, count, "--count")
    if grid && interpolate { throw ValidationError("Give one of --grid and --interpolate.") }
  }

  func run() throws {
    let (file, sampler) = try NumberedSamples.sampler(
      of: model, on: CPUBackend(threads: threads.count))
    let samples = NumberedSamples(
      sampler, seed: seed, labels: try classes(file.description))
    if sampler.description.sample.isPoint {
      if grid || interpolate {
        throw ValidationError("\(model) makes points: leave out --grid and --interpolate.")
      }
      try AtomicFile.write(samples.table, to: output)
    } else if grid {
      try ImageFile.write(samples.grid, to: output)
    } else if interpolate {
      try ImageFile.write(samples.ways, to: output)
    } else if ImageFormat(extensionOf: output) != nil, !FileEntry.isFolder(output) {
      throw ValidationError(
        "\(output) is named like a picture: give --grid, or name a folder for \(count) pictures.")
    } else {
      try writeFolder(samples, names: file.description.labels)
    }
    if !quiet { Console.note("Made \(Numbers.counted(count, "sample")) in \(output).") }
  }

  /// The class of each sample: the one asked for, else one after the other.
  private func classes(_ description: SamplerFileDescription) throws -> [Int] {
    guard let label else { return description.generator.evenLabels(count) }
    let labels = description.labels
    guard let index = labels.firstIndex(of: label) else {
      throw ValidationError(
        labels.isEmpty
          ? "\(model) knows no labels: leave out --label."
          : "\(model) knows no label '\(label)'. It knows \(labels.joined(separator: ", ")).")
    }
    return [Int](repeating: index, count: count)
  }

  private func writeFolder(_ samples: NumberedSamples, names: [String]) throws {
    let folders = names.map { FilePaths.join(output, $0.asFolderName) }
    try NewFolder.create(output)
    if names.isEmpty {
      try FolderListing.refuseOthers(in: output, than: (0..<count).map(Self.fileName))
    } else {
      try FolderListing.refuseOthers(in: output, than: names.map(\.asFolderName))
      for (label, numbers) in Dictionary(grouping: 0..<count, by: { samples.labels[$0] }) {
        try NewFolder.create(folders[label])
        try FolderListing.refuseOthers(in: folders[label], than: numbers.map(Self.fileName))
      }
    }
    let progress = SharedProgress(total: count, unit: "pictures", isQuiet: quiet)
    try samples.forEachPicture { number, label, picture in
      let folder = names.isEmpty ? output : folders[label]
      try ImageFile.write(picture, to: FilePaths.join(folder, Self.fileName(number)))
      progress.advance()
    }
    progress.finish()
  }

  private static func fileName(_ number: Int) -> String { number.digits(atLeast: 6) + ".png" }
}
