import ArgumentParser
import CycleGANKit
import Foundation

/// `cyclegan augment`: random variations of a folder of pictures.
struct AugmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment",
    abstract: "Make random variations of a folder of pictures.",
    usage: "cyclegan augment <input> <output> [<options>]",
    discussion: """
      Each picture is resized, cropped, flipped and its colours changed, in this
      order; or what a recipe says is done (Docs/Augmentation.md), or a preset:
      light, strong, cyclegan, medical, document. The outcome depends on the
      seed and the pictures alone. A file that cannot be read is named and left
      out, and the exit status is 1.

      EXAMPLES:
        cyclegan augment photos/ augmented/ --recipe strong --copies 5
        cyclegan augment photos/ augmented/ --recipe mine.yaml --seed 7
        cyclegan augment images/ out/ --labels labels/ --recipe strong
        cyclegan augment photos/ shards/train --recipe strong --shards 1000
        cyclegan augment photos/ out/ --replay old/manifest.jsonl --masks depth/
        cyclegan augment photos/ - --recipe strong --record | python3 read.py
        cyclegan augment photos/ crops/ --resize 286 --crop 256
        cyclegan augment photos/ colours/ --no-flip --color-jitter 0.3
      """)

  @Argument(help: "The folder to read, searched recursively.", completion: .file())
  var input: String

  @Argument(
    help: """
      The folder to write, outside the input; with --shards, the archives' path up to their \
      number; - for a tar on standard output.
      """, completion: .file())
  var output: String

  @Option(
    help: ArgumentHelp(
      "A recipe in YAML or JSON, or a preset, in place of the next four.", valueName: "file"),
    completion: .file())
  var recipe: String?

  @Option(
    help: ArgumentHelp(
      "Boxes and keypoints that move along: a COCO file, or a folder of YOLO or VOC files.",
      valueName: "path"), completion: .file())
  var labels: String?

  @Option(help: "The format of the labels, if they do not show it: coco, yolo or voc.")
  var labelFormat: LabelFormat?

  @Option(
    help: ArgumentHelp(
      "Masks or depth maps that move along, named like the pictures; 16 bits stay 16.",
      valueName: "folder"), completion: .file())
  var masks: String?

  @Flag(help: "Say in the manifest what was done to each copy.")
  var record = false

  @Option(
    help: ArgumentHelp(
      "Do again what a manifest with records says was done, to pictures of the same names.",
      valueName: "file"), completion: .file())
  var replay: String?

  @Option(
    help: ArgumentHelp(
      "Write tar archives of so many samples each: train-000000.tar for the output train.",
      valueName: "samples"))
  var shards: Int?

  @Option(
    help: ArgumentHelp(
      "Write a sheet of the first pictures and copies of them too, labels drawn in.",
      valueName: "file"), completion: .file())
  var preview: String?

  @Option(
    help: ArgumentHelp(
      "Scale to a size: 286x286 exactly, 286 for the shorter side.", valueName: "pixels"),
    transform: Extent.read)
  var resize: Extent?

  @Option(
    help: ArgumentHelp(
      "Cut out a part at random: 256 by 256, or 320x200.", valueName: "pixels"),
    transform: Extent.read)
  var crop: Extent?

  @Flag(inversion: .prefixedNo, help: "Mirror every second picture, at random.")
  var flip = true

  @Option(
    help: ArgumentHelp(
      "Change brightness, contrast and saturation by up to this share, hue by a quarter of it.",
      valueName: "0…1"))
  var colorJitter: Float = 0

  @Option(help: "Variations of each picture.")
  var copies = 1

  @Option(help: "Another seed makes other variations.")
  var seed: UInt64 = 1

  @Option(help: "JPEG quality, 1 to 100; colours are kept whole from 90 on.")
  var quality = 92

  @Flag(help: "Use what is there of broken pictures, such as those that are cut off.")
  var acceptDamaged = false

  @OptionGroup var threads: ThreadsOption

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(help: "Write one line of JSON when all is done.")
  var json = false

  func validate() throws {
    try Check.within(1...1_000_000, copies, "--copies")
    try Check.within(0...1, colorJitter, "--color-jitter")
    try Check.within(1...100, quality, "--quality")
    if output.isEmpty { throw ValidationError("Name an output folder.") }
    if let shards { try Check.atLeast(1, shards, "--shards") }
    if shards != nil, output == "-" {
      throw ValidationError("--shards writes files. Name where: shards/train.")
    }
    if json, output == "-" {
      throw ValidationError("--json and the archive would both go to standard output.")
    }
    if labelFormat != nil, labels == nil {
      throw ValidationError("--label-format says what --labels are. Name them too.")
    }
    if replay != nil,
      preview != nil || copies != 1 || seed != 1 || recipe != nil || changesPictures
    {
      throw ValidationError(
        "--replay takes the place of --recipe, --copies, --seed, --preview, --resize, --crop,"
          + " --flip and --color-jitter.")
    }
    if recipe != nil, changesPictures {
      throw ValidationError(
        "--recipe takes the place of --resize, --crop, --flip and --color-jitter.")
    }
  }

  /// Whether one of the options is set that say what is done without a recipe.
  private var changesPictures: Bool {
    resize != nil || crop != nil || !flip || colorJitter > 0
  }

  func run() throws {
    var augmenter = FolderAugmenter(
      try recipe.map { try Recipe.load($0, catalog: .complete) } ?? pipeline)
    augmenter.copies = copies
    augmenter.seed = seed
    augmenter.quality = quality
    augmenter.threads = threads.count
    augmenter.acceptsDamage = acceptDamaged
    augmenter.labels = try labels.map { try LabelSet($0, format: labelFormat) }
    augmenter.masks = masks
    augmenter.isRecording = record
    augmenter.replay = try replay.map { try ReplayList($0, catalog: .complete) }
    augmenter.previewFile = preview
    let summary = try Self.usage { try augment(with: augmenter) }
    if json {
      try Console.writeJSON([
        "augmented": summary.augmented, "damaged": summary.damaged, "skipped": summary.skipped,
        "written": summary.written, "lostDepth": summary.lostDepth,
        "remaining": summary.remaining.count,
      ])
    }
    if !quiet { note(summary) }
    if summary.skipped > 0 {
      Console.note("Left out \(Numbers.counted(summary.skipped, "picture")) that cannot be used.")
      if summary.recoverable > 0 {
        Console.note(DamagedPictures.remedy("uses"))
      }
      throw ExitCode.failure
    }
  }

  private func note(_ summary: FolderAugmenter.Summary) {
    let made = Numbers.counted(summary.written, "picture")
    Console.note("Made \(made) of \(summary.augmented), in \(place).")
    if summary.lostDepth > 0 {
      Console.note(
        "\(Numbers.counted(summary.lostDepth, "picture")) of 16 bits a channel became 8;"
          + " --masks keeps maps whole.")
    }
    if let first = summary.remaining.first {
      Console.note(
        "\(Numbers.counted(summary.remaining.count, "file")) of an earlier run, such as \(first), would"
          + " be learnt from although this one did not make such. Look at them, and remove them.")
    }
  }

  /// Where the outcome is, in words.
  private var place: String {
    if output == "-" { return "standard output" }
    return shards == nil ? output : "\(shardPrefix)-*.tar"
  }

  /// The path of archives up to their number; `shard` in a folder.
  private var shardPrefix: String { output.hasSuffix("/") ? output + "shard" : output }

  /// Turns errors that are wrong usage into such.
  private static func usage<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as OutputError {
      throw ValidationError(error.description)
    } catch let error as DatasetError {
      switch error {
      case .outputInsideInput, .sameOutput: throw ValidationError(error.description)
      default: throw error
      }
    }
  }

  private var pipeline: Pipeline {
    var operations: [any PipelineStep] = []
    switch resize {
    case .square(let side): operations.append(SmallestMaxSize(size: side))
    case .exact(let width, let height): operations.append(Resize(width: width, height: height))
    case nil: break
    }
    if let crop { operations.append(RandomCrop(width: crop.width, height: crop.height)) }
    if flip { operations.append(HorizontalFlip()) }
    if colorJitter > 0 {
      operations.append(
        ColorJitter(
          brightness: colorJitter, contrast: colorJitter, saturation: colorJitter,
          hue: colorJitter / 4))
    }
    return Pipeline(operations)
  }

  private func augment(with augmenter: FolderAugmenter) throws -> FolderAugmenter.Summary {
    let progress = SharedProgress(
      total: try ImageFolder(input).count, unit: "pictures", isQuiet: quiet)
    defer { progress.finish() }
    let onEvent: @Sendable (FolderAugmenter.Event) -> Void = { event in
      switch event {
      case .damaged(let input, let reason):
        if !quiet {
          progress.message(DamagedPictures.note(input, "used", damage: reason))
        }
        return
      case .skipped(_, let reason): progress.message(reason)
      case .augmented: break
      }
      progress.advance()
    }
    if output == "-" {
      return try augmenter.run(
        input: input, tar: { try Console.write($0) },
        onEvent: onEvent)
    }
    if let shards {
      return try augmenter.run(
        input: input, shards: shardPrefix, samplesPerShard: shards, onEvent: onEvent)
    }
    return try augmenter.run(input: input, output: output, onEvent: onEvent)
  }
}

extension LabelFormat: ExpressibleByArgument {}
