import CycleGANKit
import Files
import Foundation

/// Finds the classifier of a data set where it is kept, or trains it and keeps it.
struct JudgeKeeper {
  /// The classifier's file.
  let path: String
  private let parts: LabelledPictures.Parts
  private let data: String

  /// - Parameters:
  ///   - data: The data set, as the user names it.
  ///   - parts: What it holds.
  ///   - file: The classifier's file; nil for one that is named after the data and what they hold.
  init(data: String, parts: LabelledPictures.Parts, file: String?) {
    self.data = data
    self.parts = parts
    let name = URL(fileURLWithPath: data).lastPathComponent
    let sum = String(parts.training.checksum, radix: 16).suffix(8)
    path = file ?? "Models/judges/\(name)-\(parts.training.width)-\(sum).safetensors"
  }

  /// The classifier, with what it makes of held-out pictures.
  ///
  /// - Parameters:
  ///   - steps: Of its training, if it has to be trained.
  ///   - backend: The device that computes.
  ///   - isQuiet: Whether nothing is said of the training.
  func judge(steps: Int, on backend: any Backend, isQuiet: Bool) throws -> SampleJudge {
    guard parts.training.isLabelled else { throw ScoringError.noLabels(data) }
    guard parts.training.width >= 8 else { throw ScoringError.tooSmall(parts.training.width) }
    if FileManager.default.fileExists(atPath: path) {
      let file = try ClassifierFile.read(path)
      return SampleJudge(try file.classifier(of: parts, file: path), data: parts, on: backend)
    }
    // Before the training, which would be in vain.
    try NewFolder.create(FilePaths.folder(of: path))
    try AtomicFile.requireWritable(path)
    if !isQuiet {
      Console.note(
        "Training a judge on \(Numbers.counted(parts.training.count, "picture")) of \(data).")
    }
    var training = ClassifierTraining()
    training.steps = steps
    let line = ProgressLine(total: steps, unit: "steps", isQuiet: isQuiet)
    let classifier = training.train(on: parts.training, backend: backend) { step, loss in
      line.update(done: step, detail: "loss " + Numbers.decimal(Double(loss), digits: 3))
    }
    line.finish()
    let judge = SampleJudge(classifier, data: parts, on: backend)
    try ClassifierFile(classifier, data: parts, accuracy: judge.accuracy).write(to: path)
    return judge
  }
}
