import ArgumentParser
import CycleGANKit

/// `--threads`, as all commands have it.
struct ThreadsOption: ParsableArguments {
  @Option(help: "Threads; the outcome does not depend on them. (default: one a core)")
  var threads: Int?

  /// How many there are to be.
  var count: Int { threads ?? CPUBackend.coreCount }

  func validate() throws {
    if let threads { try Check.within(1...1024, threads, "--threads") }
  }
}
