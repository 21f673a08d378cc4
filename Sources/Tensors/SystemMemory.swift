import Foundation

/// What the system says about memory.
package enum SystemMemory {
  /// Bytes that this process has in memory now.
  package static var residentBytes: Int {
    let words = SystemFile.text("/proc/self/statm").split(separator: " ")
    return words.count > 1 ? (Int(words[1]) ?? 0) * Int(getpagesize()) : 0
  }

  /// Bytes that processes could take without driving out others; what a container's limit leaves
  /// if that is less.
  package static var freeBytes: Int {
    let line = SystemFile.text("/proc/meminfo").split(separator: "\n").first {
      $0.hasPrefix("MemAvailable:")
    }
    let available = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    let system = available.map { $0 * 1024 } ?? Int(ProcessInfo.processInfo.physicalMemory / 2)
    return min(system, ControlGroups().freeMemoryBytes ?? system)
  }
}
