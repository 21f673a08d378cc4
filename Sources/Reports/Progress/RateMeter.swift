/// How fast a job goes, from what it did lately.
///
/// A mean over the whole job would not notice for hours that a machine has become slower; the last
/// step alone would jump about. So the last half minute counts.
struct RateMeter {
  /// Seconds that count.
  private static let window = 30.0
  /// Samples closer together than this are one.
  private static let spacing = 0.25

  private var samples: [(time: Double, done: Int)] = []

  /// Notes that `done` items are done in all.
  mutating func note(_ done: Int, at time: Double) {
    // The last sample moves on until it stands far enough from the one before it.
    if samples.count >= 2, time - samples[samples.count - 2].time < Self.spacing {
      samples[samples.count - 1] = (time, done)
    } else {
      samples.append((time, done))
    }
    while samples.count > 2, time - samples[1].time >= Self.window { samples.removeFirst() }
  }

  /// Items a second; nil before there is anything to go by.
  var rate: Double? {
    guard let first = samples.first, let last = samples.last, last.time > first.time,
      last.done > first.done
    else { return nil }
    return Double(last.done - first.done) / (last.time - first.time)
  }
}
