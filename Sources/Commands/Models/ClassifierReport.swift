import CycleGANKit
import Files

/// What there is to say about the file of a classifier.
struct ClassifierReport: Encodable {
  let file: String
  let bytes: Int
  let classifier: ClassifierDescription
  let labels: [String]
  let parameters: Int
  let accuracy: Double

  /// Reads and checks a classifier.
  ///
  /// - Throws: `FileError` or `CheckpointError`.
  init(of path: String) throws {
    let model = try ClassifierFile.read(path)
    file = path
    bytes = FileEntry(at: path)?.byteCount ?? 0
    classifier = model.description.classifier
    labels = model.description.labels
    parameters = PictureClassifier(classifier).parameterCount
    accuracy = model.description.accuracy
  }

  /// The report for a person.
  var lines: [String] {
    let channels = Numbers.counted(classifier.channels, "channel")
    let facts = [
      ("tells apart", labels.joined(separator: ", ")),
      ("pictures", "\(classifier.size)×\(classifier.size), \(channels)"),
      ("right about", "\(Numbers.percent(accuracy)) of held-out pictures"),
      ("network", "\(Numbers.grouped(parameters)) parameters"),
      ("file", Numbers.megabytes(bytes)),
    ]
    return [file] + facts.map { "  " + $0.0.padding(to: 12) + $0.1 }
  }
}
