import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Leftovers of killed writers")
struct LeftoverTests {
  @Test("are removed, and other files are not")
  func removal() throws {
    try withTemporaryFolder { folder in
      let leftovers = [".partial-1-0", ".partial-99999999-3"]
      let others = [
        ".partial-", ".partial-1", ".partial-1-x", ".partial-1-2-3", "partial-1-0", "a",
      ]
      for name in leftovers + others { try AtomicFile.write([1], to: "\(folder)/\(name)") }
      #expect(AtomicFile.removeLeftovers(in: folder) == leftovers.count)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.sorted() == others.sorted())
      #expect(AtomicFile.removeLeftovers(in: "\(folder)/none") == 0)
    }
  }

  @Test("do not include what is being written")
  func atWork() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(to: "\(folder)/a") { writer in
        try writer.write([1, 2, 3])
        #expect(AtomicFile.removeLeftovers(in: folder) == 0)
      }
      #expect(try WholeFile.read("\(folder)/a") == [1, 2, 3])
    }
  }
}

extension LeftoverTests {
  @Test("do not include what is just being begun")
  func justBegun() throws {
    try withTemporaryFolder { folder in
      let isDone = Mutex(false)
      for _ in 0..<2 {
        Thread {
          while !isDone.withLock({ $0 }) { AtomicFile.removeLeftovers(in: folder) }
        }.start()
      }
      defer { isDone.withLock { $0 = true } }
      for number in 0..<1000 { try AtomicFile.write([1], to: "\(folder)/\(number % 7)") }
    }
  }
}

@Suite("A file of lines")
struct LineFileTests {
  @Test("grows by whole lines, and loses one that was cut short")
  func lines() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/lines"
      try LineFile(appendingTo: path).append("one")
      try AtomicFile.write("one\ntw", to: path)
      let file = try LineFile(appendingTo: path)
      try file.append("two")
      try file.append("")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\ntwo\n\n")
    }
  }
}
