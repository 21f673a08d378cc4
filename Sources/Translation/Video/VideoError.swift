/// Why a film cannot be translated.
public enum VideoError: Error, Equatable, CustomStringConvertible {
  /// A program is not installed.
  case missingProgram(String)
  /// A program cannot be started; the system's reason.
  case unusableProgram(String, reason: String)
  /// The file holds no film, or a broken one; the reader's words.
  case unreadable(file: String, reason: String)
  /// The film ends before its end.
  case incomplete(file: String, frames: Int, expected: Int)
  /// The film cannot be written; the writer's words.
  case unwritable(file: String, reason: String)
  /// Frames of the size that was asked for are larger than encoders take.
  case tooLarge(file: String, width: Int, height: Int, limit: Int)
  /// The name of the output says of no format that it is a film's.
  case unknownFormat(String)

  /// What was found, and what to do.
  public var description: String {
    switch self {
    case .missingProgram(let name):
      "Films are read and written by \(name), which was not found on the PATH. "
        + "Install the package ffmpeg, for example by: apt-get install ffmpeg"
    case .unusableProgram(let path, let reason):
      "\(path) cannot be started: \(reason). Install the package ffmpeg anew."
    case .unreadable(let file, let reason):
      "\(file): \(reason). Look whether a player shows it, or make a copy that one does."
    case .incomplete(let file, let frames, let expected):
      "\(file): it ends or breaks off after \(frames) of \(expected) frames. "
        + "Make a copy of what is whole and translate that."
    case .unwritable(let file, let reason):
      "Cannot write \(file): \(reason). "
        + "See whether there is space, or name another format, such as .mkv."
    case .tooLarge(let file, let width, let height, let limit):
      "\(file): at the --size asked for its frames would have \(width)×\(height) pixels, and films "
        + "take \(limit) a side at most. Give a smaller one."
    case .unknownFormat(let file):
      "A film cannot be written to \(file). "
        + "Name a file that ends in \(Self.endings), or a folder that is there."
    }
  }

  private static var endings: String {
    let names = VideoFormat.allCases.map { ".\($0.rawValue)" }
    return names.dropLast().joined(separator: ", ") + " or " + names.last!
  }
}
