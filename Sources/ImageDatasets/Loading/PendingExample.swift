import Dispatch
import Synchronization

/// An example that is being made on another thread.
final class PendingExample: Sendable {
  private let result = Mutex<Result<UnpairedExample, any Error>?>(nil)
  private let done = DispatchSemaphore(value: 0)

  /// Hands over the outcome, once.
  func fulfil(_ outcome: Result<UnpairedExample, any Error>) {
    result.withLock { $0 = outcome }
    done.signal()
  }

  /// Waits for the outcome; to be called once.
  func value() throws -> UnpairedExample {
    done.wait()
    guard let result = result.withLock({ $0 }) else {
      preconditionFailure("an example was announced and not made")
    }
    return try result.get()
  }
}
