/// An output of an augmenter that cannot be: where, why, and what to do about it.
public enum OutputError: Error, Equatable, CustomStringConvertible {
  /// A file or folder to be written is, or lies in, what is read; or the other way about.
  case overSource(output: String, source: String)
  /// The sheet of the first pictures is, or lies in, what is read.
  case previewOverSource(preview: String, source: String)
  /// The output folder is a file.
  case notAFolder(String)

  /// What was found and the remedy, in a line.
  public var description: String {
    switch self {
    case .overSource(let output, let source):
      "\(output) would be written over or into \(source), which is read. Choose another output folder."
    case .previewOverSource(let preview, let source):
      "The preview \(preview) would be written over or into \(source), which is read."
        + " Choose another file for it."
    case .notAFolder(let output):
      "The output \(output) is a file. Name a folder, or what is to become one."
    }
  }
}
