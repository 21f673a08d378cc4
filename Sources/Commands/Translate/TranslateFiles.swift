import ArgumentParser
import CycleGANKit
import Foundation

/// How `cyclegan translate` reads and writes files.
struct TranslateFiles: ParsableArguments {
  @Flag(help: "Translate again what has been translated before.")
  var overwrite = false

  @Flag(help: "Look whether what has been translated before is whole.")
  var skipExisting = false

  @Option(help: "png or jpeg. (default: each picture's own)")
  var format: ImageFormat?

  @Option(help: "JPEG quality, 1 to 100. (default: each picture's own)")
  var quality: Int?

  @Option(help: "Scale the shorter side to so many pixels first. (default: as it is)")
  var size: Int?

  @Flag(help: "Translate what is there of broken pictures, such as those that are cut off.")
  var acceptDamaged = false

  @Flag(help: "Give outputs the time stamps of their inputs.")
  var keepTimes = false

  @Flag(help: "Follow symbolic links that lead out of the input folder.")
  var followLinks = false

  @Flag(help: "Write compare.html too: a page with a slider between before and after.")
  var compare = false

  @Option(
    help: """
      Do only part i of n, as 0/4, 1/4, …: other machines do the others. (default: what Slurm or \
      Open MPI says, else all)
      """, transform: Shard.read)
  var shard: Shard?

  @Option(help: "Parts of a Kubernetes job, which only says which part is meant.")
  var shardCount: Int?

  /// The translation that is asked for.
  var translation: FolderTranslation {
    var translation = FolderTranslation()
    translation.existing = overwrite ? .replaced : skipExisting ? .keptIfWhole : .kept
    translation.encoding = .init(format: format, quality: quality)
    translation.acceptsDamage = acceptDamaged
    translation.size = size
    translation.keepsTimes = keepTimes
    translation.followsAllLinks = followLinks
    translation.shard = chosenShard
    return translation
  }

  /// The part that is named, else the one that a scheduler gave to this process.
  var chosenShard: Shard? {
    shard ?? Shard(environment: ProcessInfo.processInfo.environment, count: shardCount)
  }

  func validate() throws {
    if let shardCount {
      try Check.atLeast(1, shardCount, "--shard-count")
      guard chosenShard != nil else {
        throw ValidationError(
          "--shard-count \(shardCount) goes with a scheduler's JOB_COMPLETION_INDEX from 0 to "
            + "\(shardCount - 1). Set it, or name the part by --shard.")
      }
    }
    if let quality { try Check.within(1...100, quality, "--quality") }
    if let size { try Check.within(1...30_000, size, "--size") }
    if overwrite, skipExisting {
      throw ValidationError("--overwrite and --skip-existing contradict each other.")
    }
  }
}

extension ImageFormat: ExpressibleByArgument {
  /// Takes `png`, `jpeg` and `jpg`.
  public init?(argument: String) {
    let name = argument.lowercased()
    self.init(rawValue: name == "jpg" ? "jpeg" : name)
  }
}

extension Shard: ExplainedArgument {
  static var rule: String { "a part, counted from 0, and how many there are, as in 0/4" }

  /// Takes `i/n`, counted from 0.
  public init?(argument: String) {
    let numbers = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let index = numbers[0], let count = numbers[1], count >= 1,
      (0..<count).contains(index)
    else { return nil }
    self.init(index: index, count: count)
  }
}
