/// A label file that cannot be used: where, why, and what to do about it.
public struct LabelError: Error, Equatable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// The line, counted from 1, where that makes sense.
  public let line: Int?
  /// What is wrong, and the remedy.
  public let problem: String

  /// Creates an error of its facts.
  public init(_ file: String, line: Int? = nil, _ problem: String) {
    self.file = file
    self.line = line
    self.problem = problem
  }

  /// The place, the reason and the remedy, in a line.
  public var description: String {
    file + (line.map { ", line \($0)" } ?? "") + ": " + problem
  }
}
