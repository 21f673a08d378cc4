import ArgumentParser
import CycleGANKit

/// `cyclegan score`: translations against the true pictures.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Compare translated pictures with the true ones.",
    usage: "cyclegan score <translated> <truth> [<options>]",
    discussion: """
      Gives the mean PSNR and SSIM of all pictures that have the same name in all
      folders; more is better. With --baseline also for what needs no model:
      leaving the input as it is, and giving it the mean and spread of the target
      domain's colours.

      EXAMPLES:
        cyclegan score winters seasons/testB
        cyclegan score winters seasons/testB --baseline seasons/testA \\
          --domain seasons/trainB
      """)

  @Argument(help: "The folder of translated pictures.", completion: .file())
  var translated: String

  @Argument(help: "The folder of true pictures, under the same names.", completion: .file())
  var truth: String

  @Option(
    help: ArgumentHelp("The folder of pictures that were translated.", valueName: "folder"),
    completion: .file())
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "Pictures of the target domain, whose colours are matched. (default: the true pictures)",
      valueName: "folder"), completion: .file())
  var domain: String?

  @OptionGroup var threads: ThreadsOption

  @Flag(name: .shortAndLong, help: "Write the scores only.")
  var quiet = false

  @Flag(help: "Write one line of JSON instead of a table.")
  var json = false

  func validate() throws {
    if domain != nil, baseline == nil {
      throw ValidationError("--domain is for the baselines, which need --baseline.")
    }
  }

  func run() throws {
    let comparison = try self.comparison
    let progress = SharedProgress(total: comparison.count, unit: "pictures", isQuiet: quiet)
    let score = comparison.score(threads: threads.count) { progress.advance() }
    progress.finish()
    for failure in score.failures { Console.note(failure.reason) }
    if json {
      try Console.writeJSON(
        Report(pictures: score.pictures, scores: score.rows, failed: score.failures))
    } else {
      for line in score.table.lines { try Console.write(line) }
    }
    if !score.failures.isEmpty {
      let failed = Numbers.counted(score.failures.count, "picture")
      Console.note("Left out \(failed) that cannot be compared.")
      throw ExitCode.failure
    }
  }

  private var comparison: FolderComparison {
    get throws {
      let (translated, truth) = (try ImageFolder(translated), try ImageFolder(truth))
      guard let baseline else { return try FolderComparison(of: translated, with: truth) }
      return try FolderComparison(
        of: translated, with: truth, inputs: ImageFolder(baseline),
        domain: domain.map { try ImageFolder($0) } ?? truth)
    }
  }

  /// What `--json` writes.
  private struct Report: Encodable {
    let pictures: Int
    let scores: [FolderScore.Row]
    let failed: [FolderScore.Failure]
  }
}

extension FolderScore {
  /// The scores for a person.
  fileprivate var table: Table {
    var table = Table([Numbers.counted(pictures, "picture"), "PSNR", "SSIM"])
    for row in rows {
      let psnr = row.psnr.map { Numbers.decimal($0, digits: 2) + " dB" } ?? "∞"
      table.add([row.method.rawValue, psnr, Numbers.decimal(row.ssim, digits: 4)])
    }
    return table
  }
}
