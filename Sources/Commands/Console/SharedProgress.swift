import CycleGANKit
import Synchronization

/// A progress line that several threads may move.
final class SharedProgress: Sendable {
  private let line: Mutex<ProgressLine>

  init(total: Int, unit: String, isQuiet: Bool) {
    line = Mutex(ProgressLine(total: total, unit: unit, isQuiet: isQuiet))
  }

  /// Says that `done` items are done in all.
  func update(done: Int) { line.withLock { $0.update(done: done) } }

  /// Shows a line of its own, above the progress.
  func message(_ text: String) { line.withLock { $0.message(text) } }

  /// Takes the line away.
  func finish() { line.withLock { $0.finish() } }
}
