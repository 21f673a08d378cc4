import Foundation

/// The most memory that this process has held at once.
package enum PeakMemory {
  #if os(Linux)
    /// Forgets the peak so far, where the system allows that.
    package static func reset() {
      // 5 is the kernel's code for it; where it is refused, the peak includes what went before.
      try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .ascii)
    }

    /// Bytes of resident memory; nil where the system does not tell.
    package static var bytes: Int? {
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
      return kilobytes.flatMap { Int($0) }.map { $0 * 1024 }
    }
  #else
    /// Does nothing: the peak includes what went before.
    package static func reset() {}

    /// Bytes of resident memory; nil where the system does not tell.
    package static var bytes: Int? {
      var usage = rusage()
      guard getrusage(RUSAGE_SELF, &usage) == 0 else { return nil }
      return usage.ru_maxrss
    }
  #endif
}
