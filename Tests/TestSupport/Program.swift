import Foundation

/// The `cyclegan` program as it was built along with the tests, run as a process of its own.
package struct Program {
  private let process = Process()
  private let errorPath: String
  private let outputPath: String

  /// What a process left behind.
  package struct Outcome {
    /// The exit status; of a process that was killed, the signal.
    package let status: Int32
    /// Whether it ended by a signal.
    package let wasKilled: Bool
    /// What it wrote to standard output.
    package let output: String
    /// What it wrote to standard error.
    package let errors: String
  }

  /// Starts the program.
  ///
  /// - Parameters:
  ///   - arguments: What follows the program's name.
  ///   - folder: The folder it runs in.
  ///   - environment: Variables beside those of this process.
  package init(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws {
    let name = UUID().uuidString
    // Files, since a pipe that nobody reads would stop the program; elsewhere, since a test may
    // look at all that is in the folder.
    let streams = FileManager.default.temporaryDirectory.path
    outputPath = "\(streams)/cyclegan-output-\(name)"
    errorPath = "\(streams)/cyclegan-errors-\(name)"
    process.executableURL = Self.path
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    // The help's width follows the terminal's; and the processor's bits are what tests compare.
    let usual = ["COLUMNS": "80", "CUDA_VISIBLE_DEVICES": ""]
    process.environment = ProcessInfo.processInfo.environment.merging(usual) { $1 }
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try Self.emptyFile(outputPath)
    process.standardError = try Self.emptyFile(errorPath)
    try process.run()
  }

  /// Runs the program to its end.
  package static func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> Outcome {
    try Program(arguments, in: folder, environment: environment).outcome()
  }

  /// Sends a signal.
  package func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Whether it is still running.
  package var isRunning: Bool { process.isRunning }

  /// Waits for the end.
  package func outcome() throws -> Outcome {
    process.waitUntilExit()
    defer {
      for path in [outputPath, errorPath] { try? FileManager.default.removeItem(atPath: path) }
    }
    return Outcome(
      status: process.terminationStatus,
      wasKilled: process.terminationReason == .uncaughtSignal,
      output: try String(contentsOfFile: outputPath, encoding: .utf8),
      errors: try String(contentsOfFile: errorPath, encoding: .utf8))
  }

  private static func emptyFile(_ path: String) throws -> FileHandle {
    try Data().write(to: URL(fileURLWithPath: path))
    return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }

  /// It lies beside the tests' own executable.
  package static var path: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("cyclegan")
  }
}
