import Dispatch
import Synchronization

/// Does independent pieces of work on several threads.
package enum ParallelWork {
  /// Calls `body` once for each number below `count`; after the first error nothing new begins.
  ///
  /// - Throws: The error of the lowest number that failed.
  static func run<Failure: Error>(
    count: Int, threads: Int, _ body: @Sendable (Int) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(threads > 0, "\(threads) threads")
    let next = Atomic(0)
    let failure = Mutex<(index: Int, error: Failure)?>(nil)
    DispatchQueue.concurrentPerform(iterations: min(threads, max(count, 1))) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count, failure.withLock({ $0 == nil }) else { return }
        do throws(Failure) {
          try body(index)
        } catch {
          failure.withLock { if index < $0?.index ?? .max { $0 = (index, error) } }
        }
      }
    }
    if let error = failure.withLock({ $0?.error }) { throw error }
  }

  /// What `make` gives for each number below `count`, in order.
  package static func results<Result: Sendable>(
    count: Int, threads: Int, _ make: @Sendable (Int) -> Result
  ) -> [Result] {
    let made = Mutex([Result?](repeating: nil, count: count))
    run(count: count, threads: threads) { index in
      let result = make(index)
      made.withLock { $0[index] = result }
    }
    return made.withLock { $0.compactMap { $0 } }
  }
}
