import Glibc

/// The clock of this machine that never goes back.
public enum MonotonicClock {
  /// Seconds since some moment in the past.
  @Sendable public static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The median of what a few steps take; the first, which pays for memory and files, left out.
  ///
  /// - Parameters:
  ///   - seconds: How long to measure, at least two steps after the first.
  ///   - now: A clock in seconds.
  ///   - step: Makes the step of a number, counted from 0.
  static func secondsPerStep(
    for seconds: Double, _ now: () -> Double, _ step: (Int) throws -> Void
  ) rethrows -> Double {
    var times: [Double] = []
    let begin = now()
    while times.count < 3 || now() - begin < seconds {
      let before = now()
      try step(times.count)
      times.append(now() - before)
    }
    let sorted = times.dropFirst().sorted()
    return sorted[sorted.count / 2]
  }
}
