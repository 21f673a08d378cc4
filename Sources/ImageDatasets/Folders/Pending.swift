import Dispatch
import Synchronization

/// A value that is being made on another thread.
package final class Pending<Value: Sendable>: Sendable {
  private let outcome = Mutex<Result<Value, any Error>?>(nil)
  private let work = DispatchGroup()

  /// Begins to make the value.
  package init(on queue: DispatchQueue = .global(), _ make: @escaping @Sendable () throws -> Value)
  {
    queue.async(group: work) {
      let made = Result { try make() }
      self.outcome.withLock { $0 = made }
    }
  }

  /// Waits for the value, or throws what making it threw.
  package func value() throws -> Value {
    work.wait()
    guard let outcome = outcome.withLock({ $0 }) else {
      preconditionFailure("the work ended without an outcome")
    }
    return try outcome.get()
  }
}
