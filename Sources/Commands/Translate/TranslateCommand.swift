import ArgumentParser
import CycleGANKit
import Files
import Foundation

/// `cyclegan translate`: a picture or a folder of pictures through one or several generators.
struct TranslateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translate",
    abstract: "Translate a picture or a folder of pictures.",
    usage: "cyclegan translate <input> <output> [<options>]",
    discussion: """
      Outputs are stored as the inputs were: name, size, format, JPEG quality,
      depth, transparency, orientation, colour profile and what else the file
      says. Pictures that were translated before are left alone, so a translation
      that was interrupted or killed goes on where it stopped. A file that cannot
      be read is named and left out, and the exit status is 1. What was done is
      recorded in manifest.jsonl in the output folder, a line for each picture.

      Without --model, the newest run in Models/ is used, else the bundled model,
      which turns summer into winter and back. Several --to or --model make
      several translations in one pass, each in a folder of its own.

      A film (mp4, mov, mkv, webm, avi, mpg, ts) is translated frame by frame, with
      its sound, through FFmpeg, which must be installed.

      EXAMPLES:
        cyclegan translate summers/ winters/
        cyclegan translate lake.jpg lake-in-winter.jpg
        cyclegan translate winters/ summers/ --to summer
        cyclegan translate photos/ zebras/ --model Models/horse2zebra
        cyclegan translate archive/ archive-winter/ --format png --keep-times
        cyclegan translate photos/ tests/ --to winter --to summer --cycle
        cyclegan translate clip.mp4 clip-in-winter.mp4
        cyclegan translate - - < lake.jpg > lake-in-winter.jpg
      """)

  @Argument(
    help: "A picture, a folder that is searched recursively, a film, or - for a pipe.",
    completion: .file())
  var input: String

  @Argument(
    help: "The folder to write; for one picture or film, a folder, a file, or -.",
    completion: .file())
  var output: String

  @OptionGroup var choice: TranslateTargets
  @OptionGroup var files: TranslateFiles
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var device: DeviceOption
  @OptionGroup(visibility: .hidden) var instructionSet: InstructionSetOption

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(help: "Write one line of JSON when all is done.")
  var json = false

  func validate() throws {
    if output.isEmpty { throw ValidationError("The output has no name. Name a file or a folder.") }
    if choice.smooth != nil, !isVideo {
      throw ValidationError("--smooth is for films, whose frames follow one another.")
    }
    if choice.cycle, files.compare {
      throw ValidationError(
        "--cycle puts original and translation side by side: --compare has nothing to add.")
    }
  }

  func run() throws {
    let memory = try isVideo ? videoMemory() : nil
    let targets = try Self.usage {
      try choice.load(
        on: device.choose {
          CPUBackend(threads: threads.count, instructionSet: instructionSet.value)
        }, remembering: memory)
    }
    if !quiet {
      for target in targets { Console.note(target.words) }
      if let shard = files.chosenShard { Console.note("Only part \(shard), counted from 0.") }
    }
    if isPipe { return try translatePipe(targets) }
    if let memory { return try Self.usage { try translateVideo(targets, memory) } }
    let start = MonotonicClock.seconds()
    let summary = try Self.usage { try translate(targets) }
    let seconds = MonotonicClock.seconds() - start
    if files.compare { try writeComparison(targets) }
    if json { try Console.writeJSON(TranslateReport(targets, summary, seconds: seconds)) }
    if !quiet { say(summary, targets, seconds: seconds) }
    if !summary.failures.isEmpty { throw ExitCode.failure }
  }

  private func translate(_ targets: [TranslateTargets.Target]) throws
    -> FolderTranslation.Summary
  {
    var translation = files.translation
    translation.batch = choice.batch
    if let memory = choice.maxMemory { translation.waitingBytes = memory.bytes / 8 }
    translation.trainedSize = files.size == nil ? targets[0].trainedSize : nil
    var progress = ProgressLine(total: 0, unit: "pictures", isQuiet: quiet)
    var done = 0
    defer { progress.finish() }
    return try translation.run(
      input: input, output: output, targets: targets.map(\.translation),
      onEvent: { event in
        switch event {
        case .began(let pictures, _):
          progress = ProgressLine(total: pictures, unit: "pictures", isQuiet: quiet)
          return
        case .damaged(let input, let reason):
          if !quiet { progress.message(DamagedPictures.note(input, "translated", damage: reason)) }
          return
        case .leftOutFolder(_, let reason): return progress.message(reason)
        case .translated: break
        case .failed(_, let reason): progress.message(reason)
        }
        done += 1
        progress.update(done: done)
      })
  }

  /// Turns errors that are wrong usage into such.
  private static func usage<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as TranslationError {
      switch error {
      case .unknownDomain, .outputIsInput, .collision, .sameOutput, .outputLeadsOut,
        .outputIsNoFile, .foreignFormat:
        throw ValidationError(error.description)
      default: throw error
      }
    } catch let error as VideoError {
      switch error {
      case .unknownFormat, .tooLarge: throw ValidationError(error.description)
      default: throw error
      }
    }
  }
}

// MARK: - The page

extension TranslateCommand {
  /// Writes a page of all pictures that have their translations, now or from an earlier run.
  private func writeComparison(_ targets: [TranslateTargets.Target]) throws {
    let names = targets.map(\.translation.name)
    let outputs = try files.translation.outputs(input: input, output: output, targets: names)
    let isFolder = FileEntry.isFolder(input)
    let pairs = outputs.flatMap { picture in
      zip(names, picture.outputs).map { name, output in
        ComparePage.Pair(
          name: isFolder
            ? FilePaths.relative(picture.input, to: input) ?? picture.input : picture.input,
          domain: names.count > 1 ? name : "", before: picture.input, after: output)
      }
    }
    let title = targets.map { "\($0.source) → \($0.domain)" }.joined(separator: ", ")
    let first = outputs.first?.outputs.first ?? output
    let folder = FileEntry.isFolder(output) ? output : FilePaths.folder(of: first)
    let part = files.chosenShard.map { "-\($0)" } ?? ""
    let page = FilePaths.join(folder, "compare\(part).html")
    try ComparePage(title: title, pairs: pairs).write(to: page)
    if !quiet { Console.note("Open \(page) in a browser to compare.") }
  }
}

// MARK: - What is said at the end

extension TranslateCommand {
  private func say(
    _ summary: FolderTranslation.Summary, _ targets: [TranslateTargets.Target], seconds: Double
  ) {
    let time = TimeWords.spell(seconds: seconds)
    let translated = Numbers.counted(summary.translated, "picture")
    Console.note("Translated \(translated) into \(output) in \(time).")
    if summary.kept > 0 {
      let kept = Numbers.counted(summary.kept, "picture")
      Console.note("Left \(kept) whose output is there already (--overwrite does them again).")
    }
    if summary.keptOfOthers > 0 {
      let outputs = Numbers.counted(summary.keptOfOthers, "output")
      Console.note(
        "Left \(outputs) of another model or domain than now asked for "
          + "(--overwrite makes them anew).")
    }
    if !summary.failures.isEmpty {
      Console.note("Left out \(summary.failures.count), for the reasons above.")
      if !files.acceptDamaged, summary.failures.contains(where: \.isDamaged) {
        Console.note(DamagedPictures.remedy("translates"))
      }
    }
    if !summary.linksOut.isEmpty {
      let links = Numbers.counted(summary.linksOut.count, "link")
      Console.note("Left out \(links) out of \(input) (--follow-links follows such).")
    }
    if summary.foreignFiles > 0 {
      let files = Numbers.counted(summary.foreignFiles, "file")
      Console.note(
        "Left out \(files) of other formats than PNG and JPEG; films are translated one at a time.")
    }
    if summary.unusualSizes > 0, let trained = targets[0].trainedSize {
      let pictures = Numbers.counted(summary.unusualSizes, "picture")
      Console.note(
        "\(pictures) of a size far from what the model was trained on (\(trained)²): "
          + "--size \(trained) may look better.")
    }
  }
}

/// What `--json` writes.
struct TranslateReport: Encodable {
  struct Failure: Encodable {
    let file: String
    let reason: String
  }

  let model: [String]
  let from: [String]
  let to: [String]
  let translated: Int
  let damaged: Int
  let kept: Int
  let keptOfOthers: Int
  let failed: [Failure]
  let linksLeftOut: [String]
  let otherFormats: Int
  let seconds: Double
  let computingSeconds: Double

  init(
    _ targets: [TranslateTargets.Target], _ summary: FolderTranslation.Summary, seconds: Double
  ) {
    model = targets.map(\.translation.model)
    from = targets.map(\.source)
    to = targets.map(\.domain)
    translated = summary.translated
    damaged = summary.damaged
    kept = summary.kept
    keptOfOthers = summary.keptOfOthers
    failed = summary.failures.map { Failure(file: $0.input, reason: $0.reason) }
    linksLeftOut = summary.linksOut
    otherFormats = summary.foreignFiles
    self.seconds = seconds
    computingSeconds = summary.computingSeconds
  }
}
