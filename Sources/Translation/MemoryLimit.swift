import Foundation

/// How much memory a translation may use.
///
/// Pictures that need more are translated in strips, with the same result.
public struct MemoryLimit: Sendable, Equatable {
  /// Bytes that the whole process may use.
  public let bytes: Int
  /// Where maps of activations wait that do not fit; a file there has no name.
  public let scratchFolder: String
  /// Bytes that are left to translate with: the limit less what the process had in memory when it
  /// was set.
  ///
  /// What it has later is no measure, since memory that was used once is kept to be used again.
  let roomBytes: Int

  /// Sets a limit.
  ///
  /// - Parameters:
  ///   - bytes: Bytes that the whole process may use; nil for half of what is free.
  ///   - translators: How many translators at work at a time share what is left.
  ///   - scratchFolder: nil for `TMPDIR`, else `/var/tmp`, which unlike `/tmp` is never in memory.
  public init(bytes: Int? = nil, sharedBy translators: Int = 1, scratchFolder: String? = nil) {
    let resident = Self.residentBytes
    self.bytes = bytes ?? resident + Self.freeBytes / 2
    roomBytes = (self.bytes - resident) / translators
    self.scratchFolder =
      scratchFolder ?? ProcessInfo.processInfo.environment["TMPDIR"] ?? "/var/tmp"
  }

  /// Bytes that this process has in memory now.
  private static var residentBytes: Int {
    let words = text("/proc/self/statm").split(separator: " ")
    return words.count > 1 ? (Int(words[1]) ?? 0) * Int(getpagesize()) : 0
  }

  /// Bytes that processes could take without driving out others; what a container's limit leaves
  /// if that is less.
  private static var freeBytes: Int {
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
