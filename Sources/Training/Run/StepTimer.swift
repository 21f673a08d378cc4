/// Measures how long steps take, in a process that has just begun or resumed a run.
struct StepTimer {
  /// The first steps pay for memory and files.
  private static let warmUp = 2

  private let now: () -> Double
  private let begin: Double
  private let secondsBefore: Double
  private var firstStep: Int?
  private var lastStep = 0
  private var timed: (step: Int, time: Double)?
  private var last: Double
  private var reported: (step: Int, time: Double)?
  private var hasEstimated = false

  /// - Parameters:
  ///   - now: A clock in seconds.
  ///   - seconds: Seconds trained by earlier processes.
  init(now: @escaping () -> Double, before seconds: Double) {
    self.now = now
    begin = now()
    last = begin
    secondsBefore = seconds
  }

  /// Notes that a step is done; returns the seconds trained in all.
  mutating func note(step: Int) -> Double {
    last = now()
    lastStep = step
    let first = firstStep ?? step
    firstStep = first
    if step == first + Self.warmUp - 1 { timed = (step, last) }
    if reported == nil { reported = (step - 1, begin) }
    return secondsBefore + last - begin
  }

  /// Seconds per step, once, as soon as that can be told.
  mutating func firstEstimate() -> Double? {
    guard !hasEstimated, let timed, lastStep - timed.step >= 3, last - timed.time >= 2 else {
      return nil
    }
    hasEstimated = true
    return (last - timed.time) / Double(lastStep - timed.step)
  }

  /// Steps a second since the last call.
  mutating func rateSinceReport() -> Double {
    guard let since = reported, last > since.time else { return 0 }
    reported = (lastStep, last)
    return Double(lastStep - since.step) / (last - since.time)
  }
}
