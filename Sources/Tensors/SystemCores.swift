import Foundation

/// What the system says about the processor's cores.
public enum SystemCores {
  /// How many threads this process can use: as many as it may run on cores, but no more than the time
  /// that a container's limit leaves it, rounded up.
  public static let count: Int = {
    // A scheduler may leave cores that this machine could have, but has not.
    let there = ProcessInfo.processInfo.activeProcessorCount
    let allowed = min(there, allowedCount ?? there)
    let time = ControlGroups().cores.map { Int($0.rounded(.up)) } ?? allowed
    return max(1, min(allowed, time))
  }()

  /// How many cores a scheduler or `taskset` leaves to this process; nil if the system does not say.
  private static var allowedCount: Int? {
    let name = "Cpus_allowed:"
    // A bit for each core, such as `00000000,0000000f`.
    let line = SystemFile.text("/proc/self/status").split(separator: "\n").first {
      $0.hasPrefix(name)
    }
    return line?.dropFirst(name.count).compactMap(\.hexDigitValue).map(\.nonzeroBitCount)
      .reduce(0, +)
  }
}
