import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and `kill` into a request to stop, so that a run can be saved.
///
/// The second one ends the process at once.
final class StopSignals {
  private let first = FirstSignal()
  private let sources: [any DispatchSourceSignal]

  /// Begins to listen; from now on the signals do nothing else.
  init() {
    let first = first
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
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

/// Remembers the first signal and ends the process at the second.
private final class FirstSignal: Sendable {
  private let received = Mutex<Int32?>(nil)

  var number: Int32? { received.withLock { $0 } }

  func note(_ number: Int32) {
    let isFirst = received.withLock { received in
      defer { received = received ?? number }
      return received == nil
    }
    if !isFirst { _exit(StopSignals.exitStatus(number)) }
  }
}
