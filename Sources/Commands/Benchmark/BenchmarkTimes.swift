import CycleGANKit

/// How long a piece of work took, in milliseconds.
struct BenchmarkTimes {
  /// The median of the repetitions.
  let median: Double
  /// The fastest repetition.
  let fastest: Double

  /// A repetition of short work runs it as often as fits into this, and counts the mean.
  private static let milliseconds = 20.0

  /// Runs the work without counting it, then measures.
  ///
  /// On a GPU the first run looks for engines and rehearses a graph, the second captures it: neither is
  /// to be measured, nor to decide how often a repetition runs.
  ///
  /// - Parameters:
  ///   - repeats: How often to measure.
  ///   - backend: Where the work is put off to, if it is; its end is waited for.
  init(repeats: Int, on backend: (any Backend)? = nil, _ work: () throws -> Void) rethrows {
    func time(_ runs: Int) throws -> Double {
      let start = MonotonicClock.seconds()
      for _ in 0..<runs { try work() }
      backend?.synchronize()
      return 1000 * (MonotonicClock.seconds() - start) / Double(runs)
    }
    var once = try time(1)
    if backend is CUDABackend { for _ in 0..<2 { once = try time(1) } }
    let runs = max(1, Int(Self.milliseconds / max(once, 1e-3)))
    let times = try (0..<repeats).map { _ in try time(runs) }.sorted()
    let middle = times.count / 2
    median = times.count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2
    fastest = times[0]
  }
}
