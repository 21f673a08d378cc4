import Foundation
import TestSupport
import Testing

@Suite("Too little memory")
struct OutOfMemoryTests {
  @Test("A tensor that finds no memory ends the process with a line and the status of a failure")
  func tensor() throws {
    try withTemporaryFolder { folder in
      let shell = try #require(InstalledProgram("sh"))
      let (status, output) = try shell.run(
        [
          "-c", "ulimit -v 1200000; exec \"$0\" \"$@\" 2>&1", Program.path.path, "benchmark",
          "--case", "inference", "--size", "4096", "--threads", "1", "--quiet",
        ], in: folder)
      #expect(status == 1)
      #expect(output.hasPrefix("Error: Out of memory: "), "\(output)")
      #expect(output.contains("--size") && output.split(separator: "\n").count == 1, "\(output)")
    }
  }
}
