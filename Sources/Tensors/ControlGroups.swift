import Foundation

/// What a container, a service or a job leaves this process of the machine: Linux's control groups, of
/// either version.
///
/// A process is in a group for each controller, and the limits of all groups above it count as well.
struct ControlGroups {
  /// Where the kernel shows the groups and which of them this process is in.
  private let mount: String
  private let membership: String

  /// - Parameters:
  ///   - mount: The folder of groups.
  ///   - membership: The file that says which groups this process is in.
  init(mount: String = "/sys/fs/cgroup", membership: String = "/proc/self/cgroup") {
    self.mount = mount
    self.membership = SystemFile.text(membership)
  }

  /// How many cores' worth of time may be used; nil if there is no limit.
  var cores: Double? {
    folders(of: "cpu").compactMap { folder in
      let limit = SystemFile.text("\(folder)/cpu.max").split { $0.isWhitespace }
      let (quota, period) =
        limit.count == 2
        ? (Double(limit[0]), Double(limit[1]))
        : (
          SystemFile.number("\(folder)/cpu.cfs_quota_us").map(Double.init),
          SystemFile.number("\(folder)/cpu.cfs_period_us").map(Double.init)
        )
      guard let quota, let period, quota > 0, period > 0 else { return nil }
      return quota / period
    }.min()
  }

  /// Bytes that may still be taken; nil if there is no limit, in the first version so many that it is none.
  ///
  /// Pages of files count as free: the kernel lets go of them first.
  var freeMemoryBytes: Int? {
    folders(of: "memory").compactMap { folder in
      let isNew = FileManager.default.fileExists(atPath: "\(folder)/memory.current")
      let limit = SystemFile.number(
        "\(folder)/\(isNew ? "memory.max" : "memory.limit_in_bytes")")
      let used = SystemFile.number(
        "\(folder)/\(isNew ? "memory.current" : "memory.usage_in_bytes")")
      guard let limit, let used else { return nil }
      let prefix = isNew ? "" : "total_"
      let statistics = SystemFile.text("\(folder)/memory.stat").split(separator: "\n")
      let pages = ["inactive_file", "active_file"].compactMap { name in
        statistics.first { $0.hasPrefix("\(prefix)\(name) ") }
          .flatMap { Int($0.dropFirst(prefix.count + name.count + 1)) }
      }
      return max(0, limit - max(0, used - pages.reduce(0, +)))
    }.min()
  }

  /// The folders of this process's groups, up to the one that the others are in.
  ///
  /// In a container the outermost folder is the container's, whatever the group is called outside.
  private func folders(of controller: String) -> [String] {
    membership.split(separator: "\n").flatMap { line -> [String] in
      // number:controllers:path, without controllers where one group is for all
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let controllers = parts[1].split(separator: ",")
      guard parts[1].isEmpty || controllers.contains(Substring(controller)) else { return [] }
      // Whatever controllers share it, and in what order, it goes by the name of each.
      let root = parts[1].isEmpty ? mount : "\(mount)/\(controller)"
      let names = parts[2].split(separator: "/").filter { $0 != ".." }
      return (0...names.count).map { "\(root)/\(names.prefix($0).joined(separator: "/"))" }
    }
  }
}
