import Foundation

/// The most memory that this process has held at once.
enum PeakMemory {
  #if os(Linux)
    /// Forgets the peak so far, where the system allows that.
    static func reset() {
      // 5 is the kernel's code for it; where it is refused, the peak includes what went before.
      try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .ascii)
    }

    /// The peak in bytes; 0 where it cannot be known.
    static var bytes: Int {
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
      return 1024 * (kilobytes.flatMap { Int($0) } ?? 0)
    }
  #else
    /// Does nothing: the peak includes what went before.
    static func reset() {}

    /// The peak in bytes.
    static var bytes: Int {
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    }
  #endif
}
