/// How often something is done in the course of a run.
public enum Cadence: Equatable, Sendable {
  /// After every so many steps, at least 1.
  case steps(Int)
  /// After the first step that ends so many seconds after the last time.
  case seconds(Double)
  /// Only at the end.
  case never
}

/// Tells when something is due again.
struct Due {
  private let cadence: Cadence
  private var lastTime: Double

  /// - Parameters:
  ///   - cadence: How often.
  ///   - time: Now, in seconds.
  init(_ cadence: Cadence, at time: Double) {
    if case .steps(let count) = cadence { precondition(count > 0, "every \(count) steps") }
    self.cadence = cadence
    lastTime = time
  }

  /// Whether it is due after a step, counted from 1.
  func isDue(after step: Int, at time: Double) -> Bool {
    switch cadence {
    case .steps(let count): step % count == 0
    case .seconds(let seconds): time - lastTime >= seconds
    case .never: false
    }
  }

  /// Notes that it has been done.
  mutating func done(at time: Double) { lastTime = time }
}
