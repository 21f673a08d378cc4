import ArgumentParser
import CycleGANKit

/// `--threads`, as all commands have it.
struct ThreadsOption: ParsableArguments {
  @Option(
    help: """
      Threads; the outcome does not depend on them. \
      (default: as many as cores, or as a container's limit lets it use)
      """)
  var threads: Int?

  /// How many there are to be.
  var count: Int { threads ?? SystemCores.count }

  func validate() throws {
    if let threads { try Check.within(1...1024, threads, "--threads") }
  }
}
