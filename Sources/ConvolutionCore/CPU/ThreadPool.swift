import CKernels
import Synchronization

/// Threads for short parallel loops: they spin for the next loop, then sleep.
///
/// A loop over `count` tasks runs each once, on whichever thread is free. Tasks are cut by the
/// problem and never by the number of threads, so results have the same bits for any number.
///
/// `@unchecked Sendable`: the C pool synchronizes itself; while one thread's loop runs, another
/// caller does its own tasks alone.
public final class ThreadPool: @unchecked Sendable {
  /// How many threads work on a loop, the caller included.
  public let threads: Int
  private let handle: OpaquePointer
  private let madeHalves = Mutex<(ThreadPool, ThreadPool)?>(nil)

  /// Starts the workers.
  public init(threads: Int) {
    precondition(threads >= 1, "\(threads) threads")
    guard let handle = thread_pool_create(Int32(threads)) else {
      preconditionFailure("out of memory for a pool of \(threads) threads")
    }
    self.threads = threads
    self.handle = handle
  }

  deinit { thread_pool_destroy(handle) }

  /// Two pools that together have as many threads as this one, at least one each.
  ///
  /// For two works inside one loop of this pool, whose threads they count themselves among.
  var halves: (ThreadPool, ThreadPool) {
    madeHalves.withLock { made in
      let halves =
        made
        ?? (ThreadPool(threads: (threads + 1) / 2), ThreadPool(threads: max(1, threads / 2)))
      made = halves
      return halves
    }
  }

  /// Calls `task` once for each index in `0 ..< count`, in parallel, and waits for all.
  package func forEach(_ count: Int, _ task: (Int) -> Void) {
    if threads == 1 || count == 1 {
      for index in 0..<count { task(index) }
      return
    }
    withoutActuallyEscaping(task) { task in
      var task = task
      withUnsafeMutablePointer(to: &task) { pointer in
        thread_pool_run(
          handle, Int32(count),
          { context, indices in
            let task = context!.assumingMemoryBound(to: ((Int) -> Void).self).pointee
            var index = thread_pool_next(indices)
            while index >= 0 {
              task(Int(index))
              index = thread_pool_next(indices)
            }
          }, pointer)
      }
    }
  }
}
