import ArgumentParser
import CycleGANKit

/// `--threads`, as all commands have it.
struct ThreadsOption: ParsableArguments {
  @Option(
    help: """
      Threads; the outcome does not depend on them. (default: one for each core that it may use)
      """)
  var threads: Int?

  /// How many there are to be.
  var count: Int { threads ?? SystemCores.count }

  func validate() throws {
    if let threads { try Check.within(1...1024, threads, "--threads") }
  }
}
