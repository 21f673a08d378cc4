import Foundation
import TestSupport

/// The program as its users run it, in one folder.
struct FolderProgram {
  /// The folder that the program runs in.
  let folder: String

  /// Runs the program to its end.
  @discardableResult
  func callAsFunction(_ arguments: String...) throws -> Program.Outcome { try self(arguments) }

  /// Runs the program to its end.
  @discardableResult
  func callAsFunction(_ arguments: [String]) throws -> Program.Outcome {
    try Program.run(arguments, in: folder)
  }
}

extension Program.Outcome {
  /// The one line of JSON on standard output.
  func json() throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
    guard let object = object as? [String: Any] else { throw NotAnObject(text: output) }
    return object
  }

  private struct NotAnObject: Error {
    let text: String
  }
}
