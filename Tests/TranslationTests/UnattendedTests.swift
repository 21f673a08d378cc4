import Files
import Foundation
import ImageDatasets
import Images
import TestSupport
import Testing
import Translation

@Suite("An unattended translation")
struct UnattendedTests {
  @Test("makes outputs again that are not whole, if asked to look")
  func skippingWholeOnes() throws {
    try withTemporaryFolder { root in
      for index in 0..<3 { try write(numberedPicture(index), to: "\(root)/in/\(index).png") }
      try translateInverted("\(root)/in", to: "\(root)/out")
      let whole = try WholeFile.read("\(root)/out/1.png")
      try write(Array(whole.dropLast(15)), to: "\(root)/out/1.png")
      try write(numberedPicture(9), to: "\(root)/out/2.png")

      var translation = FolderTranslation()
      let first = try translation.run(
        input: "\(root)/in", output: "\(root)/out", translate: inverted)
      #expect(first.kept == 3)
      translation.existing = .keptIfWhole
      let second = try translation.run(
        input: "\(root)/in", output: "\(root)/out", translate: inverted)
      #expect(second.kept == 2 && second.translated == 1)
      #expect(try WholeFile.read("\(root)/out/1.png") == whole)
      #expect(try ImageFile.read("\(root)/out/2.png") == numberedPicture(9))
    }
  }

  @Test("records each picture in a line, over several runs")
  func manifest() throws {
    try withTemporaryFolder { root in
      try write(numberedPicture(1), to: "\(root)/in/a.png")
      try write([1, 2, 3], to: "\(root)/in/b.png")
      let target = FolderTranslation.Target(name: "winter", model: "m") { $0 }
      for _ in 0..<2 {
        _ = try FolderTranslation().run(
          input: "\(root)/in", output: "\(root)/out", targets: [target])
        // As if the process had been killed while it wrote.
        let path = "\(root)/out/manifest.jsonl"
        try AtomicFile.write(WholeFile.read(path) + Array("{\"inp".utf8), to: path)
      }
      let text = try String(contentsOfFile: "\(root)/out/manifest.jsonl", encoding: .utf8)
      let lines = text.split(separator: "\n").dropLast().map { line in
        try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      }
      #expect(
        lines.map { $0?["input"] as? String } == ["a", "b", "b"].map { "\(root)/in/\($0).png" })
      #expect(lines.first??["output"] as? String == "\(root)/out/a.png")
      #expect(
        lines.allSatisfy { $0?["to"] as? String == "winter" && $0?["model"] as? String == "m" })
      #expect(lines.allSatisfy { $0?["seconds"] != nil })
      #expect(lines.map { $0?["error"] != nil } == [false, true, true])
    }
  }

  @Test("refuses two pictures with one output, before anything is written")
  func sameOutput() throws {
    try withTemporaryFolder { root in
      try write(numberedPicture(1), to: "\(root)/in/a.png")
      try write(numberedPicture(2), to: "\(root)/in/a.jpg", .jpeg)
      try write(numberedPicture(3), to: "\(root)/in/b.jpg", .jpeg)
      var translation = FolderTranslation()
      translation.encoding.format = .png
      let error = TranslationError.sameOutput(
        "\(root)/in/a.jpg", "\(root)/in/a.png", output: "\(root)/out/a.png")
      #expect(throws: error) {
        try translation.run(input: "\(root)/in", output: "\(root)/out", translate: inverted)
      }
      #expect(try files(in: "\(root)/out").isEmpty)
      try FileManager.default.removeItem(atPath: "\(root)/in/a.jpg")
      _ = try translation.run(input: "\(root)/in", output: "\(root)/out", translate: inverted)
      #expect(try files(in: "\(root)/out") == ["a.png", "b.png"])
      #expect(try format(of: "\(root)/out/b.png") == .png)
    }
  }

  @Test("follows links inside the folder, once, and none that lead out or nowhere")
  func links() throws {
    try withTemporaryFolder { root in
      func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
          atPath: "\(root)/\(name)", withDestinationPath: target)
      }
      try write(numberedPicture(1), to: "\(root)/in/a.png")
      try write(numberedPicture(2), to: "\(root)/in/deep/b.png")
      try write(numberedPicture(3), to: "\(root)/elsewhere/c.png")
      try link("in/deep/round", to: "..")
      try link("in/same.png", to: "a.png")
      try link("in/nothing.png", to: "none.png")
      try link("in/out", to: "../elsewhere")
      try link("in/out.png", to: "../elsewhere/c.png")
      var translation = FolderTranslation()
      let summary = try translation.run(
        input: "\(root)/in", output: "\(root)/out", translate: inverted)
      #expect(try files(in: "\(root)/out") == ["a.png", "deep/b.png", "same.png"])
      #expect(summary.linksOut == ["\(root)/in/out", "\(root)/in/out.png"])
      #expect(summary.failures.map(\.input) == ["\(root)/in/nothing.png"])
      translation.followsAllLinks = true
      let all = try translation.run(
        input: "\(root)/in", output: "\(root)/out", translate: inverted)
      #expect(all.linksOut.isEmpty && all.translated == 2)
      #expect(try ImageFile.read("\(root)/out/out/c.png") == inverted(numberedPicture(3)))
      #expect(try ImageFile.read("\(root)/elsewhere/c.png") == numberedPicture(3))
    }
  }

  @Test("does not write through a link that leads out of the output folder")
  func outputLink() throws {
    try withTemporaryFolder { root in
      try write(numberedPicture(1), to: "\(root)/in/sub/a.png")
      try FileManager.default.createDirectory(
        atPath: "\(root)/out", withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/out/sub", withDestinationPath: "../in/sub")
      var translation = FolderTranslation()
      translation.existing = .replaced
      #expect(throws: TranslationError.self) {
        try translation.run(input: "\(root)/in", output: "\(root)/out", translate: inverted)
      }
      #expect(try ImageFile.read("\(root)/in/sub/a.png") == numberedPicture(1))
    }
  }

  @Test("goes on after a picture that vanishes, and one whose output is a folder")
  func vanishing() throws {
    try withTemporaryFolder { root in
      let names = (0..<12).map { "\(10 + $0).png" }
      for (index, name) in names.enumerated() {
        try write(numberedPicture(index), to: "\(root)/in/\(name)")
      }
      try FileManager.default.createDirectory(
        atPath: "\(root)/out/11.png", withIntermediateDirectories: true)
      let summary = try FolderTranslation().run(
        input: "\(root)/in", output: "\(root)/out", translate: inverted
      ) { event in
        guard case .began = event else { return }
        try? FileManager.default.removeItem(atPath: "\(root)/in/20.png")
      }
      #expect(summary.translated == 10)
      #expect(summary.failures.map(\.input) == ["\(root)/in/11.png", "\(root)/in/20.png"])
      #expect(summary.failures.last?.reason.contains("No such file") == true)
    }
  }

  @Test("cannot begin where nothing can be written, and removes what killed runs left")
  func beginnings() throws {
    try withTemporaryFolder { root in
      try write(numberedPicture(1), to: "\(root)/in/a.png")
      #expect(
        throws: FileError(.makeFolder, "/proc/cyclegan", .system(code: ENOENT))
      ) { try translateInverted("\(root)/in", to: "/proc/cyclegan/out") }
      try translateInverted("\(root)/in/a.png", to: "\(root)/new/and/deeper/")
      #expect(try files(in: "\(root)/new") == ["and/deeper/a.png"])
      try write([1], to: "\(root)/out/.partial-12345-0")
      let summary = try FolderTranslation().run(
        input: "\(root)/in", output: "\(root)/out", translate: inverted)
      #expect(summary.leftovers == 1)
      let left = try FileManager.default.contentsOfDirectory(atPath: "\(root)/out")
      #expect(left.sorted() == ["a.png", "manifest.jsonl"])
    }
  }

  @Test("ends on a full disk with the reason, and leaves nothing half written")
  func fullDisk() throws {
    try withTemporaryFolder { root in
      for index in 0..<4 { try write(numberedPicture(index), to: "\(root)/in/\(index).png") }
      let full = FolderTranslation.Target(name: "", model: "") { _ in
        throw FileError(.write, "\(root)/out/x.png", .system(code: ENOSPC))
      }
      #expect(throws: FileError(.write, "\(root)/out/x.png", .system(code: ENOSPC))) {
        try FolderTranslation().run(
          input: "\(root)/in", output: "\(root)/out", targets: [full])
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: "\(root)/out")
      #expect(left == ["manifest.jsonl"])
    }
  }

  @Test("keeps what one target made where another one fails")
  func oneTarget() throws {
    try withTemporaryFolder { root in
      struct Reason: Error {}
      try write(numberedPicture(1), to: "\(root)/in/a.png")
      let summary = try FolderTranslation().run(
        input: "\(root)/in", output: "\(root)/out",
        targets: [
          .init(name: "good", model: "") { $0 },
          .init(name: "bad", model: "") { _ in throw Reason() },
        ])
      #expect(summary.failures.count == 1 && summary.translated == 0)
      #expect(try files(in: "\(root)/out") == ["good/a.png"])
      let lines = String(
        decoding: try WholeFile.read("\(root)/out/manifest.jsonl"), as: UTF8.self
      ).split(separator: "\n")
      #expect(lines.map { $0.contains("\"error\"") } == [false, true], "\(lines)")
    }
  }

  @Test("is done by shards, each picture by one of them")
  func shards() throws {
    try withTemporaryFolder { root in
      for index in 0..<40 { try write(numberedPicture(index), to: "\(root)/in/\(index).png") }
      var counts: [Int] = []
      for index in 0..<4 {
        var translation = FolderTranslation()
        translation.shard = Shard(index: index, count: 4)
        let summary = try translation.run(
          input: "\(root)/in", output: "\(root)/out", translate: inverted)
        #expect(summary.kept == 0)
        counts.append(summary.translated)
      }
      #expect(counts.reduce(0, +) == 40 && counts.allSatisfy { (3...20).contains($0) }, "\(counts)")
      for index in 0..<40 {
        #expect(
          try ImageFile.read("\(root)/out/\(index).png") == inverted(numberedPicture(index)))
      }
    }
  }

  @Test("takes its shard from what schedulers say")
  func schedulers() {
    let slurm = ["SLURM_PROCID": "3", "SLURM_NTASKS": "16"]
    let mpi = ["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "4"]
    #expect(Shard(environment: slurm) == Shard(index: 3, count: 16))
    #expect(Shard(environment: mpi, count: 9) == Shard(index: 0, count: 4))
    #expect(
      Shard(environment: ["JOB_COMPLETION_INDEX": "2"], count: 5) == Shard(index: 2, count: 5))
    for nonsense in [
      [:], ["JOB_COMPLETION_INDEX": "2"], ["SLURM_PROCID": "4", "SLURM_NTASKS": "4"],
      ["SLURM_PROCID": "x", "SLURM_NTASKS": "4"],
    ] { #expect(Shard(environment: nonsense) == nil) }
  }
}
