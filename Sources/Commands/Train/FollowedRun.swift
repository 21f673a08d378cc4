import ArgumentParser
import CycleGANKit

/// A training run as the command line shows, logs and stops it.
struct FollowedRun {
  private let isQuiet: Bool
  private let writesJSON: Bool
  private let log: RunLog

  /// - Parameters:
  ///   - isQuiet: Whether only what goes wrong is shown.
  ///   - writesJSON: Whether events go to standard output, for another program.
  ///   - log: Where events are logged.
  init(isQuiet: Bool, writesJSON: Bool, log: RunLog) {
    self.isQuiet = isQuiet
    self.writesJSON = writesJSON
    self.log = log
  }

  /// Runs until the end, or until a signal asks to stop.
  ///
  /// - Parameter run: Trains until it is told to stop, and tells what happens; returns whether the
  ///   run is complete.
  /// - Throws: What `run` throws; an exit status after a signal.
  func follow(
    _ run: (_ shouldStop: () -> Bool, _ listener: (TrainingEvent) throws -> Void) throws -> Bool
  ) throws {
    let console = TrainingConsole(isQuiet: isQuiet || writesJSON)
    let signals = StopSignals()
    let isComplete: Bool
    do {
      isComplete = try run({ signals.signalNumber != nil }) { event in
        if let line = TrainingLine.json(event) {
          try log.append(line)
          if writesJSON { try Console.write(line) }
        }
        console.show(event)
      }
    } catch {
      console.close()
      throw error
    }
    if !isComplete, let signal = signals.signalNumber {
      Console.note("Go on with: \(Self.commandToGoOn(CommandLine.arguments))")
      throw ExitCode(StopSignals.exitStatus(signal))
    }
  }

  /// The command line that goes on with a run, fit for a shell.
  static func commandToGoOn(_ arguments: [String]) -> String {
    let safe = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:+@%")
    var words = arguments
    // What comes behind two dashes is no option.
    let end = words.firstIndex(of: "--") ?? words.endIndex
    if !words[..<end].contains("--resume") { words.insert("--resume", at: end) }
    return words.map { word in
      !word.isEmpty && word.allSatisfy(safe.contains)
        ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }.joined(separator: " ")
  }
}
