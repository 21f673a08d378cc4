import Files
import Foundation
import Testing

/// A folder of its own for a test, removed afterwards.
private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}

private struct Stop: Error {}

@Suite("Atomic files")
struct AtomicFileTests {
  @Test("what was written is read back, and an old file is replaced", arguments: [0, 1, 70_000])
  func roundTrip(count: Int) throws {
    try withFolder { folder in
      let path = folder + "/a file: with spaces.bin"
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try AtomicFile.write("old contents, longer than one byte", to: path)
      try AtomicFile.write(bytes, to: path)
      #expect(try WholeFile.read(path) == bytes)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
    }
  }

  @Test("parts are joined in order")
  func parts() throws {
    try withFolder { folder in
      let path = folder + "/parts"
      try AtomicFile.write(to: path) { writer in
        try writer.write([1, 2])
        try writer.write([])
        try writer.write([3])
      }
      #expect(try WholeFile.read(path) == [1, 2, 3])
    }
  }

  @Test("a writer that fails leaves the old file and no temporary one")
  func failure() throws {
    try withFolder { folder in
      let path = folder + "/kept"
      try AtomicFile.write([1, 2, 3], to: path)
      #expect(throws: Stop.self) {
        try AtomicFile.write(to: path) { writer in
          try writer.write([9])
          throw Stop()
        }
      }
      #expect(try WholeFile.read(path) == [1, 2, 3])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["kept"])
    }
  }

  @Test("a name as long as the file system allows is written")
  func longName() throws {
    try withFolder { folder in
      let path = folder + "/" + String(repeating: "n", count: 255)
      try AtomicFile.write([7], to: path)
      #expect(try WholeFile.read(path) == [7])
    }
  }

  @Test("leftovers of a killed process with the same number do not stand in the way")
  func leftovers() throws {
    try withFolder { folder in
      try Data([1]).write(to: URL(filePath: "\(folder)/.partial-\(getpid())-0"))
      try AtomicFile.write([2], to: folder + "/new")
      #expect(try WholeFile.read(folder + "/new") == [2])
    }
  }

  @Test("writers of the same folder on several threads do not disturb each other")
  func threads() throws {
    try withFolder { folder in
      DispatchQueue.concurrentPerform(iterations: 16) { index in
        let bytes = [UInt8](repeating: UInt8(index), count: 5000)
        try? AtomicFile.write(bytes, to: "\(folder)/\(index)")
      }
      for index in 0..<16 {
        let bytes = try WholeFile.read("\(folder)/\(index)")
        #expect(bytes == [UInt8](repeating: UInt8(index), count: 5000))
      }
    }
  }

  @Test("errors name the file, the reason and the remedy")
  func errors() throws {
    try withFolder { folder in
      let missing = FileError(.write, folder + "/no/file", .system(code: ENOENT))
      #expect(throws: missing) { try AtomicFile.write([1], to: folder + "/no/file") }
      #expect(
        missing.description
          == "Cannot write \(folder)/no/file: No such file or directory. Create the folder first.")
      #expect(throws: FileError(.read, folder + "/none", .system(code: ENOENT))) {
        try WholeFile.read(folder + "/none")
      }
      #expect(throws: FileError(.read, folder, .system(code: EISDIR))) {
        try WholeFile.read(folder)
      }
      #expect(throws: FileError(.write, folder, .notARegularFile)) {
        try AtomicFile.write([1], to: folder)
      }
    }
  }

  @Test("a file over the limit is refused")
  func limit() throws {
    try withFolder { folder in
      let path = folder + "/long"
      try AtomicFile.write([1, 2, 3, 4], to: path)
      #expect(throws: FileError(.read, path, .tooLarge(limit: 3))) {
        try WholeFile.read(path, limit: 3)
      }
      #expect(try WholeFile.read(path, limit: 4) == [1, 2, 3, 4])
    }
  }

  @Test("a device is read to its end or to the limit")
  func devices() throws {
    #expect(try WholeFile.read("/dev/null").isEmpty)
    #expect(throws: FileError(.read, "/dev/zero", .tooLarge(limit: 1000))) {
      try WholeFile.read("/dev/zero", limit: 1000)
    }
  }
}
