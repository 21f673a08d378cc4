import ArgumentParser
import CycleGANKit
import Foundation

/// `cyclegan gan score`: samples against the data that they are to be like.
struct GANScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Tell how good samples are, in numbers.",
    usage: "cyclegan gan score <samples> <data> [<options>]",
    discussion: """
      Samples are a model of gan train, a folder of pictures (folders in it are
      labels), or a table of points. The data are what the model has learnt from:
      a folder, IDX files, `digits`, `ring` or `grid`.

      Pictures are judged by a small classifier, which is trained on the data's
      training part the first time (minutes) and kept. It tells
        how many samples carry the label that they were asked for,
        how many classes are covered (a tenth of the even share counts) and how
        evenly,
        the Fréchet distance between samples and held-out pictures in its
        features: smaller is better, real pictures give the scale. Compare
        distances of one judge and of as many samples; no other program gives
        the same, and it is not the Fréchet Inception Distance.

      Points are counted: the modes that have a point within three standard
      deviations, and the share of such points.

      EXAMPLES:
        cyclegan gan score Models/digits-conditional digits
        cyclegan gan score samples/ /usr/share/datasets/fashion-mnist --json
        cyclegan gan score Models/grid-wgan-gp grid --plot points.png
      """)

  @Argument(
    help: "A run folder or model file of gan train, a folder of pictures, a table.",
    completion: .file())
  var samples: String

  @Argument(help: "What they are to be like.", completion: .file())
  var data: String

  @Option(help: "Samples to make, if they are to be made of a model.")
  var count = 2000

  @Option(help: "Another seed makes other samples.")
  var seed: UInt64 = 1

  @Option(help: "Pixels per side to compare at. (default: the model's; 64 for folders)")
  var size: Int?

  @Option(
    help: ArgumentHelp(
      "Where the classifier is kept. (default: a file of its own in Models/judges)",
      valueName: "file"), completion: .file())
  var judge: String?

  @Option(help: "Steps that the classifier is trained for, where it is not there yet.")
  var judgeSteps = 3000

  @Option(
    help: ArgumentHelp("A picture of points over the circles of good ones.", valueName: "file"),
    completion: .file())
  var plot: String?

  @OptionGroup var threads: ThreadsOption

  @Flag(name: .shortAndLong, help: "Write the scores only.")
  var quiet = false

  @Flag(help: "Write one line of JSON instead of a table.")
  var json = false

  func validate() throws {
    try Check.within(2...10_000_000, count, "--count")
    try Check.within(1...10_000_000, judgeSteps, "--judge-steps")
    if let size { try Check.within(8...GANTrainingOptions.largestSize, size, "--size") }
  }

  func run() throws {
    let backend = CPUBackend(threads: threads.count)
    let source = try ScoredSamples(samples, count: count, seed: seed, on: backend)
    let isDrawn = !FileManager.default.fileExists(atPath: data)
    let mixture = GaussianMixture.all.first { isDrawn && $0.name == data }
    guard source.arePoints == (mixture != nil) else {
      throw ValidationError(
        mixture == nil
          ? "\(samples) holds points: score them against ring or grid."
          : "\(data) is points: score a table of them (.csv), or a model that makes them.")
    }
    if let mixture {
      try scorePoints(source, mixture)
    } else {
      try scorePictures(source, on: backend)
    }
  }

  private func scorePoints(_ source: ScoredSamples, _ mixture: GaussianMixture) throws {
    let points = try source.points()
    let coverage = mixture.coverage(of: points)
    if let plot { try ImageFile.write(mixture.plot(points), to: plot) }
    if json { return try Console.writeJSON(PointReport(coverage)) }
    var table = Table([Numbers.counted(coverage.points, "point"), "score"])
    table.add(["Modes covered", "\(coverage.covered) of \(coverage.modes)"])
    table.add(["Good points", Numbers.percent(coverage.goodShare)])
    for line in table.lines { try Console.write(line) }
  }

  private func scorePictures(_ source: ScoredSamples, on backend: any Backend) throws {
    if plot != nil { throw ValidationError("--plot is for points.") }
    if let size, let made = source.size, size != made {
      throw ValidationError("--size \(size): the model makes pictures of \(made)×\(made).")
    }
    let parts = try LabelledPictures.parts(
      of: data, size: size ?? source.size, channels: source.channels, threads: threads.count)
    // Before a judge learns for minutes: there may be none.
    let pictures = try source.pictures(like: parts.training)
    let keeper = JudgeKeeper(data: data, parts: parts, file: judge)
    let judge = try keeper.judge(steps: judgeSteps, on: backend, isQuiet: quiet || json)
    for broken in pictures.broken {
      Console.note(TrainingConsole.skipped(broken.path, broken.reason))
    }
    let score = try judge.score(pictures)
    if json {
      return try Console.writeJSON(
        PictureReport(score, judge: judge, file: keeper.path, broken: pictures.broken.count))
    }
    for line in table(score, judge).lines { try Console.write(line) }
    guard !quiet else { return }
    Console.note(
      "By a classifier that names \(Numbers.percent(judge.accuracy)) of the held-out pictures"
        + " rightly (\(keeper.path)).")
  }

  private func table(_ score: SampleScore, _ judge: SampleJudge) -> Table {
    func bits(_ number: Double) -> String { Numbers.decimal(number, digits: 2) }
    var table = Table([Numbers.counted(score.samples, "sample"), "score"])
    if let share = score.labelAccuracy {
      table.add(["Carry their label", Numbers.percent(share)])
    }
    table.add(["Classes covered", "\(score.covered) of \(score.classes)"])
    table.add([
      "Entropy of classes", "\(bits(score.entropy)) of \(bits(score.greatestEntropy)) bits",
    ])
    table.add(["Fréchet distance", Numbers.decimal(score.frechetDistance, digits: 2)])
    table.add([
      "… of real pictures", Numbers.decimal(judge.realFrechetDistance, digits: 2),
    ])
    return table
  }

  /// What `--json` writes of points.
  private struct PointReport: Encodable {
    let points: Int
    let modes: Int
    let covered: Int
    let goodShare: Double
    let counts: [Int]

    init(_ coverage: GaussianMixture.Coverage) {
      points = coverage.points
      modes = coverage.modes
      covered = coverage.covered
      goodShare = coverage.goodShare
      counts = coverage.counts
    }
  }

  /// What `--json` writes of pictures.
  private struct PictureReport: Encodable {
    let samples: Int
    let broken: Int
    let labelAccuracy: Double?
    let classes: Int
    let covered: Int
    let shares: [Double]
    let entropy: Double
    let frechetDistance: Double
    let realFrechetDistance: Double
    let judge: String
    let judgeAccuracy: Double

    init(_ score: SampleScore, judge: SampleJudge, file: String, broken: Int) {
      samples = score.samples
      self.broken = broken
      labelAccuracy = score.labelAccuracy
      classes = score.classes
      covered = score.covered
      shares = score.shares
      entropy = score.entropy
      frechetDistance = score.frechetDistance
      realFrechetDistance = judge.realFrechetDistance
      self.judge = file
      judgeAccuracy = judge.accuracy
    }
  }
}
