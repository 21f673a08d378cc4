import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C, `kill` and the end of a terminal into a request to stop, so that a run can be saved.
///
/// The second Ctrl-C or `kill` ends the process at once.
final class StopSignals {
  private let first = FirstSignal()
  private let sources: [any DispatchSourceSignal]

  /// Begins to listen; from now on the signals do nothing else.
  init() {
    let first = first
    sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
      // Under `nohup` a run is to outlive its terminal.
      if isIgnored(signal(number, SIG_IGN)), number == SIGHUP { return nil }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { first.note(number) }
      source.resume()
      return source
    }
  }

  /// The signal that asked to stop; nil for none.
  var signalNumber: Int32? { first.number }

  /// The exit status that says so: 130 after Ctrl-C.
  static func exitStatus(_ signalNumber: Int32) -> Int32 { 128 + signalNumber }
}

/// Whether a signal's handler is the one that does nothing.
private func isIgnored(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
  unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
}

/// Remembers the first signal, and ends the process where somebody insists.
private final class FirstSignal: Sendable {
  private let received = Mutex<Int32?>(nil)

  var number: Int32? { received.withLock { $0 } }

  func note(_ number: Int32) {
    let isFirst = received.withLock { received in
      defer { received = received ?? number }
      return received == nil
    }
    // A terminal that closes says so more than once, and is not impatient.
    if !isFirst, number != SIGHUP { _exit(StopSignals.exitStatus(number)) }
  }
}
