/// Why a translation cannot be done.
public enum TranslationError: Error, Equatable, CustomStringConvertible {
  /// The model knows no domain of this name.
  case unknownDomain(String, known: [String])
  /// The weights are not those of the network that the file describes.
  case unfitWeights(file: String, problem: String)
  /// The file describes a network that pictures cannot be put through.
  case unusableNetwork(file: String, problem: String)
  /// The path names nothing.
  case missingInput(String)
  /// The path names neither a file nor a folder, but a pipe, say.
  case unusableInput(String)
  /// Pictures would be written where they are read.
  case outputIsInput(String)
  /// Pictures would be written into what is a file.
  case outputIsAFile(String)
  /// A picture would be written into what is neither a file nor a folder.
  case outputIsNoFile(String)
  /// The output is named like a picture of a format that is not written.
  case foreignFormat(String)
  /// The translation of one picture would replace another picture of the input.
  case collision(input: String, output: String)
  /// Two pictures have one output.
  case sameOutput(String, String, output: String)
  /// A folder in the output is a link to one outside it.
  case outputLeadsOut(String, to: String)
  /// Maps of a large picture cannot be stored or read again; the system's reason.
  case scratch(folder: String, reason: String)

  /// What was found, and what to do.
  public var description: String {
    switch self {
    case .unknownDomain(let name, let known):
      "The model knows no domain '\(name)'. "
        + "It translates to \(known.map { "'\($0)'" }.joined(separator: " or "))."
    case .unfitWeights(let file, let problem):
      "\(file) does not hold the network that it describes. \(problem)"
    case .unusableNetwork(let file, let problem):
      "\(file) describes a network that cannot be used: \(problem). Use another model."
    case .missingInput(let path):
      "There is no \(path). Name a picture or a folder of pictures."
    case .unusableInput(let path):
      "\(path) is neither a file nor a folder. Name one, or - for standard input."
    case .outputIsInput(let path):
      "\(path) is both input and output. Name another output, so that no picture is lost."
    case .outputIsAFile(let path):
      "\(path) is a file, and a folder of pictures needs a folder. Name another output."
    case .outputIsNoFile(let path):
      "\(path) is neither a file nor a folder. Name one, or - for standard output."
    case .foreignFormat(let path):
      "\(path): PNG and JPEG are written, no other format. End the name in .png or .jpg, or for a "
        + "folder of this name in a slash."
    case .collision(let input, let output):
      "The translation of \(input) would replace the input \(output). Name another output."
    case .sameOutput(let first, let second, let output):
      "\(first) and \(second) would both become \(output). "
        + "Rename one of them, or leave the format as it is."
    case .outputLeadsOut(let folder, let target):
      "The output folder \(folder) is a link that leads out, to \(target). "
        + "Remove the link or name another output."
    case .scratch(let folder, let reason):
      "Cannot keep what was computed of a large picture in \(folder): \(reason). "
        + "Free some space there, name another place by TMPDIR, or allow more memory."
    }
  }
}
