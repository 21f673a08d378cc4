import Augmentation
import Foundation
import ImageDatasets
import Images
import Synchronization
import TestSupport
import Testing

@Suite("Names of augmented pictures")
struct AugmentedNamesTests {
  private func write(_ names: [String], in folder: String, width: Int = 8) throws {
    for (number, name) in names.enumerated() {
      let file = URL(fileURLWithPath: "\(folder)/\(name)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      let samples = (0..<width * 24).map { UInt8(($0 * (number + 3)) % 256) }
      let image = Image(width: width, height: 8, channels: 3, samples: samples)
      try ImageFile.write(image, to: file.path)
    }
  }

  /// All files, by their names, in order.
  private func names(in folder: String) -> [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.contains(".") }.sorted()
  }

  @Test("that differ in their endings would share a mask, a label or a sample: refused, unwritten")
  func sharedFiles() throws {
    try withTemporaryFolder { root in
      let (input, output) = ("\(root)/in", "\(root)/out")
      try write(["a.jpg", "a.png"], in: input)
      try write(["a.png"], in: "\(root)/masks")
      let labels = URL(fileURLWithPath: "\(root)/labels")
      try FileManager.default.createDirectory(at: labels, withIntermediateDirectories: true)
      try Data("1 0.5 0.5 0.1 0.1\n".utf8).write(to: labels.appendingPathComponent("a.txt"))
      func shared(_ file: String) -> DatasetError {
        .sameOutput("\(input)/a.jpg", "\(input)/a.png", output: file)
      }

      var masked = FolderAugmenter(Pipeline([]))
      masked.masks = "\(root)/masks"
      masked.previewFile = "\(root)/sheet.png"
      #expect(throws: shared("\(output)/masks/a.png")) {
        try masked.run(input: input, output: output)
      }
      var labelled = FolderAugmenter(Pipeline([]))
      labelled.labels = try LabelSet("\(root)/labels", format: .yolo)
      labelled.copies = 2
      #expect(throws: shared("\(output)/labels/a-0001.txt")) {
        try labelled.run(input: input, output: output)
      }
      let plain = FolderAugmenter(Pipeline([]))
      #expect(throws: shared("a.json")) {
        try plain.run(input: input, tar: { _ in Issue.record("written to") })
      }
      #expect(throws: shared("a.json")) {
        try plain.run(input: input, shards: "\(output)/x", samplesPerShard: 2)
      }
      #expect(!FileManager.default.fileExists(atPath: output))
      #expect(!FileManager.default.fileExists(atPath: "\(root)/sheet.png"))

      _ = try plain.run(input: input, output: output)
      #expect(names(in: output) == ["a.jpg", "a.png", "manifest.jsonl"], "these share no file")
    }
  }

  @Test("that differ only in a dot would be one sample of an archive: refused")
  func dots() throws {
    try withTemporaryFolder { root in
      try write(["a.b.png", "a_b.png"], in: "\(root)/in")
      let error = DatasetError.sameOutput(
        "\(root)/in/a.b.png", "\(root)/in/a_b.png", output: "a_b.json")
      #expect(throws: error) {
        try FolderAugmenter(Pipeline([])).run(input: "\(root)/in", tar: { _ in })
      }
    }
  }

  @Test("are told apart by their endings when a record is replayed, where they can be")
  func replay() throws {
    try withTemporaryFolder { root in
      try write(["a.jpg", "a.png"], in: "\(root)/in", width: 16)
      var turned = FolderAugmenter(Pipeline { Rotate(limit: -90...90, probability: 1) })
      turned.isRecording = true
      _ = try turned.run(input: "\(root)/in", output: "\(root)/out")
      var again = FolderAugmenter(Pipeline([]))
      again.replay = try ReplayList("\(root)/out/manifest.jsonl")
      #expect(try again.run(input: "\(root)/in", output: "\(root)/again").written == 2)
      for name in ["a.jpg", "a.png"] {
        let first = try Data(contentsOf: URL(fileURLWithPath: "\(root)/out/\(name)"))
        #expect(try first == Data(contentsOf: URL(fileURLWithPath: "\(root)/again/\(name)")))
      }
      try write(["a.jpeg"], in: "\(root)/other", width: 16)
      let reason = Mutex("")
      _ = try again.run(input: "\(root)/other", output: "\(root)/unclear") {
        if case .skipped(_, let words) = $0 { reason.withLock { $0 = words } }
      }
      #expect(reason.withLock { $0 }.contains("lines for a.jpg and a.png"))
    }
  }

  @Test("left by an earlier run are replaced, and refused where they would be no copies now")
  func earlierRun() throws {
    try withTemporaryFolder { root in
      let (input, output) = ("\(root)/in", "\(root)/out")
      try write(["a.png", "b-0007.png", "sub/c.jpg"], in: input)
      var augmenter = FolderAugmenter(Pipeline([HorizontalFlip()]))
      augmenter.copies = 2
      let small = try augmenter.run(input: input, output: output)
      augmenter.copies = 5
      #expect(try augmenter.run(input: input, output: output).written == 15, "adds to the smaller")
      // As a run that was killed leaves them: some copies and no manifest.
      for name in ["manifest.jsonl", "a-0005.png"] {
        try FileManager.default.removeItem(atPath: "\(output)/\(name)")
      }
      augmenter.previewFile = "\(output)/sheet.png"
      for _ in 0..<2 { #expect(try augmenter.run(input: input, output: output).written == 15) }
      let before = names(in: output)
      #expect(before.count == 17 && small.written == 6)

      augmenter.copies = 2
      #expect(throws: DatasetError.otherOutput("\(output)/a-0003.png")) {
        try augmenter.run(input: input, output: output)
      }
      augmenter.copies = 1
      #expect(throws: DatasetError.otherOutput("\(output)/a-0001.png")) {
        try augmenter.run(input: input, output: output)
      }
      augmenter.copies = 5
      try FileManager.default.removeItem(atPath: "\(input)/sub/c.jpg")
      #expect(throws: DatasetError.otherOutput("\(output)/sub/c-0001.jpg")) {
        try augmenter.run(input: input, output: output)
      }
      #expect(names(in: output) == before, "nothing was written")
    }
  }

  @Test("of masks are looked at too, and archives beyond the last one refused")
  func earlierMasksAndShards() throws {
    try withTemporaryFolder { root in
      try write(["a.jpg", "b.jpg"], in: "\(root)/in")
      try write(["a.png", "b.png"], in: "\(root)/masks")
      var augmenter = FolderAugmenter(Pipeline([]))
      augmenter.masks = "\(root)/masks"
      for _ in 0..<2 { _ = try augmenter.run(input: "\(root)/in", output: "\(root)/out") }
      try write(["z.png"], in: "\(root)/out/masks")
      #expect(throws: DatasetError.otherOutput("\(root)/out/masks/z.png")) {
        try augmenter.run(input: "\(root)/in", output: "\(root)/out")
      }

      augmenter.masks = nil
      augmenter.copies = 4
      func shard() throws -> FolderAugmenter.Summary {
        try augmenter.run(input: "\(root)/in", shards: "\(root)/tars/t", samplesPerShard: 2)
      }
      for _ in 0..<2 { #expect(try shard().written == 8) }
      augmenter.copies = 3
      #expect(throws: DatasetError.otherOutput("\(root)/tars/t-000003.tar")) { try shard() }
    }
  }
}
