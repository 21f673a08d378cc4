import ArgumentParser
import CycleGANKit

/// `cyclegan dataset seasons`: landscapes in summer and in winter.
struct SeasonsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seasons",
    abstract: "Draw landscapes in summer and in winter, from a seed.",
    usage: "cyclegan dataset seasons <folder> [<options>]",
    discussion: """
      Writes trainA and testA (summer), trainB and testB (winter). The training
      folders hold different scenes; the test folders hold the same scenes under
      the same names, so that a translation can be scored.

      EXAMPLES:
        cyclegan dataset seasons Datasets/seasons
        cyclegan dataset seasons small --count 200 --test-count 20 --size 64
      """)

  @Argument(help: "The folder; made if it is missing.", completion: .file())
  var folder: String

  @Option(help: "Training pictures of each season.")
  var count = 1000

  @Option(help: "Test scenes, each in both seasons.")
  var testCount = 100

  @Option(help: "Pixels per side.")
  var size = 256

  @Option(help: "Another seed draws other scenes.")
  var seed: UInt64 = 1

  /// Frames of a pan over one scene, in place of the data set.
  @Option(help: .hidden)
  var pan: Int?

  @OptionGroup var threads: ThreadsOption

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  func validate() throws {
    try Check.within(0...10_000_000, count, "--count")
    try Check.within(0...10_000_000, testCount, "--test-count")
    try Check.within(1...4096, size, "--size")
    if let pan { try Check.within(1...10_000, pan, "--pan") }
  }

  func run() throws {
    if let pan { return try Seasons.writePan(to: folder, frames: pan, size: size, seed: seed) }
    let progress = SharedProgress(total: 2 * (count + testCount), unit: "pictures", isQuiet: quiet)
    try Seasons.write(
      to: folder, count: count, testCount: testCount, size: size, seed: seed, threads: threads.count
    ) { progress.advance() }
    progress.finish()
    guard !quiet else { return }
    Console.note(
      "Drew \(Numbers.counted(count, "scene")) of either season and "
        + "\(Numbers.counted(testCount, "test scene")) of both in \(folder).")
  }
}
