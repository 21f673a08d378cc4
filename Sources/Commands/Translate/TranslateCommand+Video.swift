import ArgumentParser
import CycleGANKit
import Files
import Foundation

extension TranslateCommand {
  /// Whether the input is a film.
  var isVideo: Bool {
    VideoFormat(extensionOf: input) != nil && !FileEntry.isFolder(input)
  }

  /// A memory for the norms of a film's frames; refuses what makes sense for pictures only.
  func videoMemory() throws -> NormMemory {
    let options = [
      ("--format", files.format != nil), ("--quality", files.quality != nil),
      ("--accept-damaged", files.acceptDamaged), ("--compare", files.compare),
      ("--batch", choice.batch > 1), ("--skip-existing", files.skipExisting),
      ("--follow-links", files.followLinks),
    ]
    if let option = options.first(where: { $0.1 })?.0 {
      throw ValidationError("\(option) is for pictures, and \(input) is a film.")
    }
    return NormMemory(share: choice.smooth ?? VideoTranslation.usualSmoothing)
  }

  /// Translates a film.
  func translateVideo(_ targets: [TranslateTargets.Target], _ memory: NormMemory) throws {
    guard targets.count == 1 else {
      throw ValidationError("A film is translated to one domain at a time. Name one.")
    }
    var video = VideoTranslation()
    video.size = files.size
    video.keepsTimes = files.keepTimes
    let file = try video.outputFile(of: input, to: output)
    if let shard = files.chosenShard, !shard.contains(URL(fileURLWithPath: input).lastPathComponent)
    {
      return note("\(input) belongs to another part.")
    }
    if !files.overwrite, FileManager.default.fileExists(atPath: file) {
      return note("\(file) is there already (--overwrite makes it again).")
    }
    let start = MonotonicClock.seconds()
    var progress = ProgressLine(total: 0, unit: "frames", isQuiet: quiet)
    let summary: VideoTranslation.Summary
    do {
      defer { progress.finish() }
      summary = try video.run(
        input: input, output: file, memory: memory,
        translate: { try targets[0].translation.translate([$0])[0] },
        onFrame: { done, expected in
          if done == 1 {
            progress = ProgressLine(
              total: expected ?? 0, unit: "frames", done: done, isQuiet: quiet)
          }
          progress.update(done: done)
        })
    }
    let seconds = MonotonicClock.seconds() - start
    if json { try Console.writeJSON(VideoReport(targets[0], file, summary, seconds: seconds)) }
    say(summary, file, seconds: seconds)
  }

  private func say(_ summary: VideoTranslation.Summary, _ file: String, seconds: Double) {
    let frames = Numbers.counted(summary.frames, "frame")
    note("Translated \(frames) into \(file) in \(TimeWords.spell(seconds: seconds)).")
    let (before, after) = (
      summary.inputFlicker.meanDifference, summary.outputFlicker.meanDifference
    )
    note(
      "Consecutive frames differ by \(Numbers.decimal(after, digits: 2)) levels of 255 on average, "
        + "by \(Numbers.decimal(before, digits: 2)) in \(input).")
  }

  private func note(_ text: String) {
    if !quiet { Console.note(text) }
  }
}

/// What `--json` writes of a film.
private struct VideoReport: Encodable {
  let model: String
  let from: String
  let to: String
  let output: String
  let frames: Int
  let width: Int
  let height: Int
  let cuts: Int
  let differenceOfFrames: Double
  let differenceOfInputFrames: Double
  let seconds: Double
  let computingSeconds: Double

  init(
    _ target: TranslateTargets.Target, _ output: String, _ summary: VideoTranslation.Summary,
    seconds: Double
  ) {
    model = target.translation.model
    from = target.source
    to = target.domain
    self.output = output
    frames = summary.frames
    (width, height) = (summary.width, summary.height)
    cuts = summary.cuts
    differenceOfFrames = summary.outputFlicker.meanDifference
    differenceOfInputFrames = summary.inputFlicker.meanDifference
    self.seconds = seconds
    computingSeconds = summary.computingSeconds
  }
}
