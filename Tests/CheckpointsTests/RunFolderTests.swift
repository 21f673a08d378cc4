import Files
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Checkpoints

@Suite("Run folder")
struct RunFolderTests {
  private struct Position: Codable, Equatable {
    var step: Int
    var logBytes: Int
  }

  private static let tensors = ["w": Tensor([3], [1, .pi, -0.0]), "m": Tensor(zeros: [2, 2])]

  @Test("State and options are read as they were written; folders are made on the way")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let run = try RunFolder(folder + "/Models/a2b/")
      #expect(run.path == folder + "/Models/a2b")
      #expect(!run.hasState)
      let state = StateFile(tensors: Self.tensors, position: Position(step: 3, logBytes: 9))
      try run.write(state)
      #expect(run.hasState)
      let read = try run.readState(Position.self)
      #expect(read.tensors == state.tensors && read.position == state.position)
      try run.writeOptions(["size": 64])
      #expect(try RunFolder.savedOptions([String: Int].self, in: run.path) == ["size": 64])
      #expect(FileManager.default.fileExists(atPath: run.samplesPath))
    }
  }

  @Test("Options are read without a trace, and what killed writers left goes when a run is opened")
  func leftovers() throws {
    try withTemporaryFolder { folder in
      let places = [folder, folder + "/samples"]
      try NewFolder.create(places[1])
      try AtomicFile.write("{}", to: folder + "/options.json")
      for place in places { try AtomicFile.write([1], to: place + "/.partial-123-0") }
      #expect(try RunFolder.savedOptions([String: Int].self, in: folder) == [:])
      #expect(
        try FolderNames.list(folder) == [".partial-123-0", "options.json", "samples"])
      #expect(RunFolder.holdsRun(folder))
      _ = try RunFolder(folder)
      for place in places { #expect(try !FolderNames.list(place).contains(".partial-123-0")) }
    }
  }

  @Test("A folder without a name is refused")
  func nameless() { #expect(throws: FileError.self) { try RunFolder("") } }

  @Test("A second writer is refused until the first is gone")
  func lock() throws {
    try withTemporaryFolder { folder in
      do {
        let first = try RunFolder(folder)
        #expect(throws: CheckpointError(file: folder, .runInUse)) { try RunFolder(folder) }
        try first.log.append("{}")
      }
      _ = try RunFolder(folder)
    }
  }

  @Test("A line that the disk has no room for leaves no part of itself")
  func fullDisk() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryFolder { folder in
        let log = try RunFolder(folder).log
        try log.append("{}")
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        let room = limit.rlim_cur
        limit.rlim_cur = 8
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        #expect(throws: FileError.self) { try log.append(#"{"step":1}"#) }
        limit.rlim_cur = room
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        try log.append("[]")
        #expect(try WholeFile.read(folder + "/log.jsonl") == Array("{}\n[]\n".utf8))
        #expect(log.position == 6)
      }
    }
  }

  @Test("The log keeps whole lines, is cut back to a position, and goes on from there")
  func log() throws {
    try withTemporaryFolder { folder in
      var saved = 0
      do {
        let log = try RunFolder(folder).log
        try log.append(#"{"step":1}"#)
        saved = log.position
        try log.append(#"{"step":2}"#)
      }
      let log = try RunFolder(folder).log
      #expect(log.position == 22)
      try log.truncate(to: saved)
      try log.truncate(to: 1000)
      try log.append(#"{"step":"two"}"#)
      let text = String(decoding: try WholeFile.read(folder + "/log.jsonl"), as: UTF8.self)
      #expect(text == "{\"step\":1}\n{\"step\":\"two\"}\n")
      #expect(log.position == text.utf8.count)
    }
  }

  @Test("A state with any byte damaged or cut off is refused")
  func damagedState() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/state.safetensors"
      try StateFile(tensors: Self.tensors, position: Position(step: 3, logBytes: 9)).write(to: path)
      let whole = try WholeFile.read(path)
      let header = whole.lastIndex(of: UInt8(ascii: "}"))!
      // Spaces after the header's end carry nothing.
      let meaningful = whole.indices.filter { $0 <= header || whole[$0] != UInt8(ascii: " ") }
      for index in meaningful {
        var damaged = whole
        damaged[index] ^= 0x10
        try Data(damaged).write(to: URL(fileURLWithPath: path))
        #expect(throws: (any Error).self, "byte \(index)") {
          try StateFile<Position>.read(path)
        }
      }
      for length in stride(from: 0, to: whole.count, by: 7) {
        try Data(whole[..<length]).write(to: URL(fileURLWithPath: path))
        #expect(throws: CheckpointError.self) { try StateFile<Position>.read(path) }
      }
    }
  }

  @Test("A file that is no state says so")
  func strangeState() throws {
    try withTemporaryFolder { folder in
      try Safetensors(tensors: Self.tensors).write(to: folder + "/x")
      let error = #expect(throws: CheckpointError.self) {
        try StateFile<Position>.read(folder + "/x")
      }
      #expect(error?.description.contains("no state of a training run") == true)
    }
  }

  @Test("A folder that cannot be made is a FileError")
  func unwritable() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("", to: folder + "/file")
      #expect(throws: FileError.self) { try RunFolder(folder + "/file/run") }
    }
  }
}
