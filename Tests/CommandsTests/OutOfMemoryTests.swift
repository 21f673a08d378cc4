import Foundation
import TestSupport
import Testing

@Suite("Too little memory")
struct OutOfMemoryTests {
  @Test("A training that fills the memory ends with a line and the status of a failure")
  func training() throws {
    try withTemporaryFolder { folder in
      let domains = try SmallDomains(in: folder)
      let shell = try #require(InstalledProgram("sh"))
      let (status, output) = try shell.run(
        [
          "-c", "ulimit -v 1200000; exec \"$0\" \"$@\" 2>&1", Program.path.path, "train",
          domains.a, domains.b, "--size", "256", "--batch", "8", "--steps", "2", "--threads", "1",
          "--quiet",
        ], in: folder, environment: ["CUDA_VISIBLE_DEVICES": ""])
      #expect(status == 1)
      #expect(output.hasPrefix("Error: Out of memory: "), "\(output)")
      #expect(output.contains("--size") && output.split(separator: "\n").count == 1, "\(output)")
    }
  }
}
