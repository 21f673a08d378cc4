import CycleGANKit
import Synchronization

/// A progress line that several threads may move.
final class SharedProgress: Sendable {
  private let state: Mutex<(line: ProgressLine, done: Int)>

  init(total: Int, unit: String, isQuiet: Bool) {
    state = Mutex((ProgressLine(total: total, unit: unit, isQuiet: isQuiet), 0))
  }

  /// Says that one more item is done.
  func advance() {
    state.withLock {
      $0.done += 1
      $0.line.update(done: $0.done)
    }
  }

  /// Shows a line of its own, above the progress.
  func message(_ text: String) { state.withLock { $0.line.message(text) } }

  /// Takes the line away.
  func finish() { state.withLock { $0.line.finish() } }
}
