import Dispatch
import Synchronization

/// Does independent pieces of work on several threads and takes their results in order.
enum OrderedWork {
  private struct State<Result: Sendable>: Sendable {
    var ready: [Int: Result] = [:]
    var taken = 0
    var isTaking = false
    var failure: (any Error)?
  }

  /// Calls `make` once for each number below `count`, from any thread, and `take` with the results
  /// in the order of the numbers, one call at a time.
  ///
  /// No more than a few results a thread wait for those before them.
  ///
  /// - Throws: The first error of either; after it nothing new begins.
  static func run<Result: Sendable>(
    count: Int, threads: Int, make: @Sendable (Int) throws -> Result,
    take: @Sendable (Result) throws -> Void
  ) throws {
    precondition(threads > 0, "\(threads) threads")
    let next = Atomic(0), state = Mutex(State<Result>())
    let slots = DispatchSemaphore(value: 0)
    for _ in 0..<3 * threads { slots.signal() }
    DispatchQueue.concurrentPerform(iterations: min(threads, max(count, 1))) { _ in
      while true {
        slots.wait()
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count, state.withLock({ $0.failure == nil }) else {
          slots.signal()
          return
        }
        do {
          let result = try make(index)
          state.withLock { $0.ready[index] = result }
          while let result = claim(state) {
            try take(result)
            state.withLock { $0.isTaking = false }
            slots.signal()
          }
        } catch {
          state.withLock { if $0.failure == nil { $0.failure = error } }
          for _ in 0..<threads { slots.signal() }
        }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  /// The next result in order, unless it is not there yet or another thread is taking one.
  private static func claim<Result>(_ state: borrowing Mutex<State<Result>>) -> Result? {
    state.withLock { state in
      guard !state.isTaking, state.failure == nil,
        let result = state.ready.removeValue(forKey: state.taken)
      else { return nil }
      state.taken += 1
      state.isTaking = true
      return result
    }
  }
}
