import Augmentation
import Foundation
import ImageDatasets
import Images
import Synchronization
import TestSupport
import Testing

@Suite("Shards, and augmenting again by a record")
struct ReplayTests {
  private func fill(_ folder: String, level: Int = 0, as format: ImageFormat = .png) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for number in 0..<5 {
      let samples = (0..<20 * 14 * 3).map { UInt8(($0 * (number + 3) + level) % 256) }
      let image = Image(width: 20, height: 14, channels: 3, samples: samples)
      try ImageFile.write(image, to: "\(folder)/\(number).\(format == .png ? "png" : "jpg")")
    }
  }

  private var augmenter: FolderAugmenter {
    var augmenter = FolderAugmenter(Preset.strong.pipeline)
    augmenter.copies = 3
    augmenter.seed = 9
    augmenter.isRecording = true
    return augmenter
  }

  /// All files but the manifest.
  private func files(in folder: String) throws -> [String: Data] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0 != "manifest.jsonl"
    }.reduce(into: [:]) {
      $0[$1] = FileManager.default.contents(atPath: "\(folder)/\($1)")
    }
  }

  @Test("What was recorded and is done again gives the same bytes, with 1, 2 and 4 threads")
  func again() throws {
    try withTemporaryFolder { root in
      try fill("\(root)/in")
      _ = try augmenter.run(input: "\(root)/in", output: "\(root)/out")
      let first = try files(in: "\(root)/out")
      for threads in [1, 2, 4] {
        var again = FolderAugmenter(Pipeline([]))
        again.replay = try ReplayList("\(root)/out/manifest.jsonl")
        again.isRecording = true
        again.threads = threads
        let summary = try again.run(input: "\(root)/in", output: "\(root)/again\(threads)")
        #expect(summary.written == 15)
        #expect(try files(in: "\(root)/again\(threads)") == first)
      }
    }
  }

  @Test("A record fits pictures of the same names in another folder, whatever their format")
  func elsewhere() throws {
    try withTemporaryFolder { root in
      try fill("\(root)/in")
      try fill("\(root)/other", level: 90, as: .jpeg)
      try FileManager.default.copyItem(
        atPath: "\(root)/other/0.jpg", toPath: "\(root)/other/new.jpg")
      var mirror = FolderAugmenter(Pipeline { HorizontalFlip(probability: 1) })
      mirror.isRecording = true
      _ = try mirror.run(input: "\(root)/in", output: "\(root)/out")
      var again = FolderAugmenter(Pipeline([]))
      again.replay = try ReplayList("\(root)/out/manifest.jsonl")
      again.quality = 100
      let reasons = Mutex<[String]>([])
      let summary = try again.run(input: "\(root)/other", output: "\(root)/mirrored") {
        if case .skipped(_, let reason) = $0 { reasons.withLock { $0.append(reason) } }
      }
      #expect(summary.written == 5 && summary.skipped == 1)
      #expect(reasons.withLock { $0 }[0].contains("no line for 'new.jpg'"))
      let expected = try JPEG.decode(
        JPEG.encode(
          ImageFile.read("\(root)/other/3.jpg").flippedHorizontally(), quality: 100,
          subsampling: .none))
      #expect(try ImageFile.read("\(root)/mirrored/3.jpg") == expected)
    }
  }

  @Test(
    "What is no record is an error with its line",
    arguments: [
      ("{}", "line 1: no line of a manifest"),
      (#"{"input": "a.png", "copy": 0}"#, "line 1: nothing was recorded"),
      (
        #"{"input": "a.png", "copy": 0, "operations": [{"operation": "Rotat", "options": {},"#
          + #" "drawn": {}}]}"#, "unknown operation 'Rotat': did you mean 'Rotate'?"
      ),
      (
        #"{"input": "a.png", "copy": 1, "operations": []}"# + "\n\n"
          + #"{"input": "a.png", "copy": 1, "operations": []}"#,
        "line 3: copy 2 of 'a.png' again, after line 1"
      ),
    ])
  func faults(text: String, words: String) throws {
    try withTemporaryFolder { root in
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(root)/m.jsonl"))
      let error = #expect(throws: LabelError.self) { try ReplayList("\(root)/m.jsonl") }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }

  @Test("Shards hold what one archive would, cut between samples, with 1, 2 and 4 threads")
  func shards() throws {
    try withTemporaryFolder { root in
      try fill("\(root)/in")
      let archive = Mutex<[UInt8]>([])
      _ = try augmenter.run(input: "\(root)/in", tar: { bytes in archive.withLock { $0 += bytes } })
      for threads in [1, 2, 4] {
        var augmenter = augmenter
        augmenter.threads = threads
        _ = try augmenter.run(
          input: "\(root)/in", shards: "\(root)/shards\(threads)/train", samplesPerShard: 4)
        let shards = try files(in: "\(root)/shards\(threads)")
        let names = (0..<4).map { "train-00000\($0).tar" }
        #expect(shards.keys.sorted() == names)
        // Each ends in two blocks of zeros.
        let joined = names.flatMap { shards[$0]?.dropLast(1024) ?? Data() }
        #expect(joined == archive.withLock { Array($0.dropLast(1024)) })
      }
    }
  }

  @Test("Outlines are written back to COCO where they are now")
  func outlines() throws {
    try withTemporaryFolder { root in
      try fill("\(root)/in")
      let coco = """
        {"images": [{"id": 1, "file_name": "0.png"}], "categories": [{"id": 1, "name": "dot"}],
         "annotations": [{"image_id": 1, "category_id": 1, "bbox": [2, 3, 8, 6],
           "segmentation": [[2, 3, 10, 3, 10, 9]]}]}
        """
      try Data(coco.utf8).write(to: URL(fileURLWithPath: "\(root)/coco.json"))
      var mirror = FolderAugmenter(Pipeline { HorizontalFlip(probability: 1) })
      mirror.labels = try LabelSet("\(root)/coco.json")
      _ = try mirror.run(input: "\(root)/in", output: "\(root)/out")
      let text = try String(contentsOfFile: "\(root)/out/annotations.json", encoding: .utf8)
      #expect(text.contains(#""segmentation": [[18, 3, 10, 3, 10, 9]]"#))
      #expect(text.contains(#""area": 24"#))
    }
  }
}
