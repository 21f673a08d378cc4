import Files
import Foundation

/// The record of a folder's translation: a line of JSON for each picture that was done or failed.
///
/// Lines are only ever added, so it tells of all runs that wrote into the folder.
final class Manifest {
  /// One picture, to one domain.
  struct Entry: Codable, Equatable {
    /// The file that was read.
    var input: String
    /// The file that was written.
    var output: String
    /// What made it.
    var model: String
    /// What tells its weights from others'; nil where that was not recorded.
    var weights: String?
    /// The domain it was translated to.
    var to: String
    /// Seconds of computing.
    var seconds: Double
    /// What is missing of the picture that was read; nil if nothing is.
    var damage: String?
    /// Why there is no output; nil if there is.
    var error: String?
  }

  private let file: LineFile

  /// Opens the record of a folder, or begins it.
  init(folder: String, name: String) throws(FileError) {
    file = try LineFile(appendingTo: FilePaths.join(folder, name))
  }

  /// Adds a line.
  func append(_ entry: Entry) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try file.append(String(decoding: try encoder.encode(entry), as: UTF8.self))
  }
}
