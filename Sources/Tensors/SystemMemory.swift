import Foundation

/// What the system says about memory.
package enum SystemMemory {
  /// Bytes that this process has in memory now.
  package static var residentBytes: Int {
    let words = text("/proc/self/statm").split(separator: " ")
    return words.count > 1 ? (Int(words[1]) ?? 0) * Int(getpagesize()) : 0
  }

  /// Bytes that processes could take without driving out others; what a container's limit leaves
  /// if that is less.
  package static var freeBytes: Int {
    let line = text("/proc/meminfo").split(separator: "\n").first {
      $0.hasPrefix("MemAvailable:")
    }
    let available = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    let system = available.map { $0 * 1024 } ?? Int(ProcessInfo.processInfo.physicalMemory / 2)
    let root = "/sys/fs/cgroup"
    guard let limit = number("\(root)/memory.max"), let used = number("\(root)/memory.current")
    else { return system }
    return min(system, max(0, limit - used))
  }

  private static func number(_ path: String) -> Int? {
    Int(text(path).trimmingCharacters(in: .whitespacesAndNewlines))
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}
