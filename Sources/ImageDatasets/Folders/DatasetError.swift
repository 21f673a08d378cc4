import Files

/// A data set that cannot be used or written, why, and what to do about it.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
  /// There is no folder of this name.
  case missingFolder(String)
  /// The path names something that is not a folder.
  case notAFolder(String)
  /// A folder cannot be listed.
  case unlistable(FileError)
  /// No candidate for a picture lies in the folder, but so many files of other formats.
  case noPictures(String, foreignCount: Int)
  /// There are candidates, and none can be decoded; the reason of the first.
  case noneReadable(String, count: Int, reason: String)
  /// Two folders hold no picture of the same name.
  case noPairs(String, String)
  /// The folder holds files that are not part of the data set to be written.
  case folderInUse(String, file: String)
  /// The two parts of a data set have other labels.
  case differentLabels(String, training: [String], test: [String])
  /// There are too few pictures in one of the parts, or to hold some out.
  case tooFewPictures(String, Int)
  /// Of a folder whose folders are labels, a picture lies beside them.
  case withoutLabel(String, label: String)
  /// Pictures drawn for the source would be larger than is sensible.
  case tooLargeToDraw(String, size: Int, limit: Int)
  /// The output folder is, or lies in, the input folder.
  case outputInsideInput(input: String, output: String)
  /// Two pictures would share a file of the output.
  case sameOutput(String, String, output: String)
  /// The output holds a file of another run, which nobody could tell from those to be written.
  case otherOutput(String)

  /// What was found, where, and the remedy, in a line or two.
  public var description: String {
    switch self {
    case .missingFolder(let folder):
      "There is no folder \(folder). Check the name."
    case .notAFolder(let path):
      "\(path) is not a folder. Name the folder that holds the pictures."
    case .unlistable(let error):
      error.description
    case .noPictures(let folder, let foreignCount):
      "No pictures in \(folder.hasSuffix("/") ? folder : folder + "/")."
        + (foreignCount == 0
          ? " Put PNG or JPEG files there."
          : " Convert the \(foreignCount) file\(foreignCount == 1 ? "" : "s") of other formats there"
            + " to PNG or JPEG.")
    case .noneReadable(let folder, let count, let reason):
      "None of the \(count) pictures in \(folder) can be read. The first: \(reason)"
    case .noPairs(let first, let second):
      "\(first) and \(second) have no file names in common. Give the two sides of a pair one name."
    case .folderInUse(let folder, let file):
      "\(folder) holds \(file), which is not part of this data set. Choose an empty folder."
    case .differentLabels(let source, let training, let test):
      "\(source) has the labels \(training.joined(separator: ", ")) in training and"
        + " \(test.joined(separator: ", ")) in tests. Give both parts a folder for each label."
    case .tooFewPictures(let source, let count):
      "\(source) holds \(count) picture\(count == 1 ? "" : "s") to learn from or to hold out, which"
        + " is too few. Put ten or more there."
    case .withoutLabel(let picture, let label):
      "\(picture) lies beside the folder \(label), whose name is a label."
        + " Move it into the folder of its own label."
    case .tooLargeToDraw(let source, let size, let limit):
      "\(source) of \(size)×\(size): drawn up to \(limit)×\(limit). Give a smaller --size."
    case .outputInsideInput(let input, let output):
      "The output folder \(output) is or lies in the input folder \(input)."
        + " Choose one outside it."
    case .sameOutput(let first, let second, let output):
      "\(first) and \(second) would both become \(output). Rename one of them."
    case .otherOutput(let file):
      "\(file) is there and is none of the copies to be written: it would be taken for one of them."
        + " Choose an empty folder, or remove what an earlier run left."
    }
  }
}
