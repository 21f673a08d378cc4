import ArgumentParser
import CycleGANKit

/// `cyclegan translate`: a picture or a folder of pictures through a generator.
struct TranslateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translate",
    abstract: "Translate a picture or a folder of pictures.",
    usage: "cyclegan translate <input> <output> [<options>]",
    discussion: """
      Outputs have the names, formats and sizes of the inputs. Pictures that were
      translated before are left alone, so an interrupted translation goes on
      where it stopped; --overwrite translates them again. A file that cannot be
      read is named and left out, and the exit status is 1.

      Without --model, the newest run in Models/ is used, else the bundled model,
      which turns summer into winter and back.

      EXAMPLES:
        cyclegan translate summers/ winters/
        cyclegan translate lake.jpg lake-in-winter.jpg
        cyclegan translate winters/ summers/ --to summer
        cyclegan translate photos/ zebras/ --model Models/horse2zebra
      """)

  @Argument(help: "A picture, or a folder that is searched recursively.")
  var input: String

  @Argument(help: "The folder to write; for one picture, a folder or a file.")
  var output: String

  @Option(help: "A model file or a run folder.")
  var model: String?

  @Option(help: "The domain to translate to: its name, or A or B. (default: B)")
  var to: String?

  @OptionGroup var threads: ThreadsOption

  @OptionGroup(visibility: .hidden) var instructionSet: InstructionSetOption

  @Flag(help: "Translate again what has been translated before.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(help: "Write one line of JSON when all is done.")
  var json = false

  func run() throws {
    let choice = try ModelLocator().choose(model)
    let translator = try Self.usage {
      try loadTranslator(choice.file)
    }
    let domains = translator.model.domains
    let source = domains.source(of: translator.direction)
    let target = domains.target(of: translator.direction)
    if !quiet {
      Console.note("\(source) → \(target) by \(choice.words), on \(translator.backend.description)")
    }
    let start = MonotonicClock.seconds()
    let summary = try Self.usage { try translate(translator) }
    let seconds = MonotonicClock.seconds() - start
    if json {
      try Console.writeJSON(
        Report(model: choice.file, from: source, to: target, seconds: seconds, summary))
    }
    if !quiet { say(summary, seconds: seconds) }
    if !summary.failures.isEmpty { throw ExitCode.failure }
  }

  private func loadTranslator(_ file: String) throws -> Translator {
    let domains = try ModelFile.read(file, directions: []).description.domains
    let direction = try to.map { try domains.direction(to: $0) } ?? .aToB
    return try Translator(
      ModelFile.read(file, directions: [direction]), direction, file: file,
      on: CPUBackend(threads: threads.count, instructionSet: instructionSet.value))
  }

  private func translate(_ translator: Translator) throws -> FolderTranslation.Summary {
    var translation = FolderTranslation()
    translation.overwrites = overwrite
    var progress = ProgressLine(total: 0, unit: "pictures", isQuiet: quiet)
    var done = 0
    defer { progress.finish() }
    return try translation.run(
      input: input, output: output, translate: { translator($0) },
      onEvent: { event in
        switch event {
        case .began(let pictures, _):
          progress = ProgressLine(total: pictures, unit: "pictures", isQuiet: quiet)
          return
        case .translated: break
        case .failed(_, let reason): progress.message(reason)
        }
        done += 1
        progress.update(done: done)
      })
  }

  private func say(_ summary: FolderTranslation.Summary, seconds: Double) {
    let time = TimeWords.spell(seconds: seconds)
    let translated = Numbers.counted(summary.translated, "picture")
    Console.note("Translated \(translated) into \(output) in \(time).")
    if summary.kept > 0 {
      let kept = Numbers.counted(summary.kept, "picture")
      Console.note("Left \(kept) that had been translated before (--overwrite does them again).")
    }
    if !summary.failures.isEmpty {
      let failed = Numbers.counted(summary.failures.count, "picture")
      Console.note("Left out \(failed) that cannot be read.")
    }
  }

  /// Turns errors that are wrong usage into such.
  private static func usage<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as TranslationError {
      switch error {
      case .unknownDomain, .outputIsInput, .collision: throw ValidationError(error.description)
      default: throw error
      }
    }
  }
}

extension TranslateCommand {
  /// What `--json` writes.
  private struct Report: Encodable {
    struct Failure: Encodable {
      let file: String
      let reason: String
    }

    let model: String
    let from: String
    let to: String
    let translated: Int
    let kept: Int
    let failed: [Failure]
    let seconds: Double

    init(
      model: String, from: String, to: String, seconds: Double,
      _ summary: FolderTranslation.Summary
    ) {
      self.model = model
      self.from = from
      self.to = to
      self.seconds = seconds
      translated = summary.translated
      kept = summary.kept
      failed = summary.failures.map { Failure(file: $0.input, reason: $0.reason) }
    }
  }
}
