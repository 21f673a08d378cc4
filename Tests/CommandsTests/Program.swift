import Foundation

/// The program as its users run it: a process with arguments, two streams and an exit status.
struct Program {
  /// What a run left behind.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The folder that the program runs in.
  let folder: String

  /// Runs the program to its end.
  @discardableResult
  func callAsFunction(_ arguments: String...) throws -> Outcome { try self(arguments) }

  /// Runs the program to its end.
  @discardableResult
  func callAsFunction(_ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    // The help's width follows the terminal's.
    process.environment = ProcessInfo.processInfo.environment.merging(["COLUMNS": "80"]) { $1 }
    // Files, since a pipe that nobody reads would stop the program.
    let streams = try (Stream(), Stream())
    process.standardOutput = streams.0.handle
    process.standardError = streams.1.handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try streams.0.text(), errors: try streams.1.text())
  }

  /// Built beside the tests.
  private static let executable = URL(fileURLWithPath: CommandLine.arguments[0])
    .resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("cyclegan")

  /// A file that takes what a process writes.
  private struct Stream {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("cyclegan-stream-\(UUID().uuidString)")
    let handle: FileHandle

    init() throws {
      _ = FileManager.default.createFile(atPath: url.path, contents: nil)
      handle = try FileHandle(forWritingTo: url)
    }

    func text() throws -> String {
      defer { try? FileManager.default.removeItem(at: url) }
      return String(decoding: try Data(contentsOf: url), as: UTF8.self)
    }
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
