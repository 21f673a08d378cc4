import Foundation
import TestSupport
import Testing

@testable import Tensors

/// Folders like those in which Linux shows its control groups.
@Suite("Control groups")
struct ControlGroupTests {
  /// Writes files and looks what limits they make.
  private static func groups(_ membership: String, _ files: [String: String]) throws -> (
    cores: Double?, freeMemoryBytes: Int?
  ) {
    try withTemporaryFolder { folder in
      for (name, text) in files {
        let path = URL(filePath: "\(folder)/mount/\(name)")
        try FileManager.default.createDirectory(
          at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: path, atomically: false, encoding: .utf8)
      }
      try membership.write(toFile: "\(folder)/cgroup", atomically: false, encoding: .utf8)
      let groups = ControlGroups(mount: "\(folder)/mount", membership: "\(folder)/cgroup")
      return (groups.cores, groups.freeMemoryBytes)
    }
  }

  @Test("limit cores by the tightest of the groups above a process")
  func newCores() throws {
    let files = [
      "job/cpu.max": "250000 100000\n", "job/step/cpu.max": "max 100000\n",
      "other/cpu.max": "10000 100000\n",
    ]
    #expect(try Self.groups("0::/job/step\n", files).cores == 2.5)
    #expect(try Self.groups("0::/job/step/task\n", files).cores == 2.5)
    #expect(try Self.groups("0::/\n", files).cores == nil)
    #expect(try Self.groups("0::/\n", ["cpu.max": "50000 100000\n"]).cores == 0.5)
    // As seen from another namespace.
    #expect(try Self.groups("0::/../../x\n", ["cpu.max": "150000 100000\n"]).cores == 1.5)
  }

  @Test("limit cores in the first version as well, in a container too")
  func oldCores() throws {
    // Both versions at once; controllers in another order than where they are mounted.
    let membership = "5:memory:/a\n4:cpuacct,cpu:/docker/0123\n0::/\n"
    let folder = "cpu"
    var files = ["\(folder)/cpu.cfs_quota_us": "400000\n"]
    files["\(folder)/cpu.cfs_period_us"] = "100000\n"
    #expect(try Self.groups(membership, files).cores == 4)
    files["\(folder)/cpu.cfs_quota_us"] = "-1\n"
    #expect(try Self.groups(membership, files).cores == nil)
  }

  @Test("limit memory, in which pages of files count as free")
  func memory() throws {
    let new = [
      "job/memory.max": "1000\n", "job/memory.current": "900\n",
      "job/memory.stat": "anon 300\nfile 600\ninactive_file 400\nactive_file 150\n",
      "memory.max": "max\n", "memory.current": "5000\n",
    ]
    #expect(try Self.groups("0::/job\n", new).freeMemoryBytes == 650)
    #expect(try Self.groups("0::/\n", new).freeMemoryBytes == nil)
    let old = [
      "memory/memory.limit_in_bytes": "1000\n", "memory/memory.usage_in_bytes": "1100\n",
      "memory/memory.stat": "inactive_file 7\ntotal_inactive_file 50\ntotal_active_file 20\n",
    ]
    #expect(try Self.groups("4:memory:/docker/0\n", old).freeMemoryBytes == 0)
    let unlimited = [
      "memory/memory.limit_in_bytes": "9223372036854771712\n",
      "memory/memory.usage_in_bytes": "1100\n",
    ]
    #expect(try Self.groups("4:memory:/\n", unlimited).freeMemoryBytes ?? .max > 1 << 62)
  }

  @Test(
    "that are not there limit nothing",
    arguments: ["", "\n", "a:b\n", "0::/x\n", "::\n", "1:cpu\n"])
  func none(membership: String) throws {
    let limits = try Self.groups(membership, [:])
    #expect(limits.cores == nil && limits.freeMemoryBytes == nil)
  }

  @Test("leave this process a core and some memory")
  func here() {
    #expect((1...ProcessInfo.processInfo.activeProcessorCount).contains(SystemCores.count))
    #expect(SystemMemory.freeBytes > 0)
  }
}
