import ArgumentParser
import CycleGANKit

/// `cyclegan dataset digits`: handwritten digits in ten classes.
struct DigitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digits",
    abstract: "Draw handwritten digits, from a seed.",
    usage: "cyclegan dataset digits <folder> [<options>]",
    discussion: """
      Writes train/0 to train/9 and test/0 to test/9, grey, white on black: small
      pictures in ten classes for the networks of `gan`, which also draw them
      themselves when the data set is called `digits`.

      EXAMPLES:
        cyclegan dataset digits Datasets/digits
        cyclegan dataset digits small --count 1000 --test-count 100 --size 32
      """)

  @Argument(help: "The folder; made if it is missing.", completion: .file())
  var folder: String

  @Option(help: "Training pictures, a tenth of each digit.")
  var count = 10_000

  @Option(help: "Test pictures.")
  var testCount = 2000

  @Option(help: "Pixels per side.")
  var size = 28

  @Option(help: "Another seed draws other digits.")
  var seed: UInt64 = 1

  @OptionGroup var threads: ThreadsOption

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  func validate() throws {
    try Check.within(0...10_000_000, count, "--count")
    try Check.within(0...10_000_000, testCount, "--test-count")
    try Check.within(1...4096, size, "--size")
  }

  func run() throws {
    let progress = SharedProgress(total: count + testCount, unit: "pictures", isQuiet: quiet)
    try Digits.write(
      to: folder, count: count, testCount: testCount, size: size, seed: seed, threads: threads.count
    ) { progress.advance() }
    progress.finish()
    guard !quiet else { return }
    Console.note("Drew \(count) digits and \(testCount) for tests in \(folder).")
  }
}
