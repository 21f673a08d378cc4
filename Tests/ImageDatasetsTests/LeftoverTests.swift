import Augmentation
import Foundation
import ImageDatasets
import Images
import TestSupport
import Testing

@Suite("A run that leaves out pictures takes away what an earlier one made of them")
struct LeftoverTests {
  /// Pictures of which the last two are too small for a crop of 16.
  private func fill(_ root: String) throws {
    for folder in ["in", "masks"] {
      try FileManager.default.createDirectory(
        atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
      for number in 0..<4 {
        let side = number < 2 ? 20 : 12
        let image = Image(width: side, height: side, channels: 1, repeating: UInt8(number))
        try ImageFile.write(image, to: "\(root)/\(folder)/\(number).png")
      }
    }
  }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.contains(".") }.sorted()
  }

  private func augmenter(cropping: Bool) -> FolderAugmenter {
    var augmenter = FolderAugmenter(
      cropping ? Pipeline { CenterCrop(width: 16, height: 16) } : Pipeline([]))
    augmenter.copies = 2
    return augmenter
  }

  @Test("from folders")
  func folders() throws {
    try withTemporaryFolder { root in
      try fill(root)
      for cropping in [false, true] {
        var augmenter = augmenter(cropping: cropping)
        augmenter.masks = "\(root)/masks"
        let summary = try augmenter.run(input: "\(root)/in", output: "\(root)/out")
        #expect(summary.removed == (cropping ? 8 : 0))
      }
      let copies = ["0-0001.png", "0-0002.png", "1-0001.png", "1-0002.png"]
      let pictures = copies.map { "images/\($0)" } + ["manifest.jsonl"]
      #expect(try names(in: "\(root)/out") == pictures + copies.map { "masks/\($0)" })
    }
  }

  @Test("from shards")
  func shards() throws {
    try withTemporaryFolder { root in
      try fill(root)
      for cropping in [false, true] {
        let summary = try augmenter(cropping: cropping).run(
          input: "\(root)/in", shards: "\(root)/out/t", samplesPerShard: 2)
        #expect(summary.removed == (cropping ? 2 : 0))
      }
      #expect(try names(in: "\(root)/out") == ["t-000000.tar", "t-000001.tar"])
    }
  }

  @Test("but nothing where nothing was made")
  func nothingMade() throws {
    try withTemporaryFolder { root in
      try fill(root)
      _ = try augmenter(cropping: false).run(input: "\(root)/in", output: "\(root)/out")
      let before = try names(in: "\(root)/out")
      var failing = FolderAugmenter(Pipeline { CenterCrop(width: 64, height: 64) })
      failing.copies = 2
      let summary = try failing.run(input: "\(root)/in", output: "\(root)/out")
      #expect(summary.skipped == 4 && summary.removed == 0)
      #expect(try names(in: "\(root)/out") == before)
    }
  }

  @Test("Shards may hold as many samples as there are numbers")
  func hugeShards() throws {
    try withTemporaryFolder { root in
      try fill(root)
      for _ in 0..<2 {
        let summary = try augmenter(cropping: false).run(
          input: "\(root)/in", shards: "\(root)/out/t", samplesPerShard: .max)
        #expect(summary.written == 8)
      }
      #expect(try names(in: "\(root)/out") == ["t-000000.tar"])
    }
  }

  #if os(Linux)
    @Test("Folders that differ only in how an accent is written are both made")
    func accents() throws {
      try withTemporaryFolder { root in
        for folder in ["caf\u{e9}", "cafe\u{301}"] {
          let path = "\(root)/in/\(folder)"
          try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
          try ImageFile.write(Image(width: 4, height: 4, channels: 1), to: "\(path)/a.png")
        }
        let summary = try FolderAugmenter(Pipeline([])).run(
          input: "\(root)/in", output: "\(root)/out")
        #expect(summary.written == 2 && summary.skipped == 0)
      }
    }
  #endif
}
