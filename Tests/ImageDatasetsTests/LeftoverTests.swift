import Augmentation
import Foundation
import ImageDatasets
import Images
import TestSupport
import Testing

@Suite("A run that leaves out pictures names what is there of them, and removes nothing")
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
        let copies = ["2-0001.png", "2-0002.png", "3-0001.png", "3-0002.png"]
        let left = ["images", "masks"].flatMap { kind in copies.map { "\(root)/out/\(kind)/\($0)" }
        }
        #expect(summary.remaining.sorted() == (cropping ? left : []))
      }
      #expect(try names(in: "\(root)/out").count == 17)
    }
  }

  @Test("from shards")
  func shards() throws {
    try withTemporaryFolder { root in
      try fill(root)
      for cropping in [false, true] {
        let summary = try augmenter(cropping: cropping).run(
          input: "\(root)/in", shards: "\(root)/out/t", samplesPerShard: 2)
        let left = ["\(root)/out/t-000002.tar", "\(root)/out/t-000003.tar"]
        #expect(summary.remaining == (cropping ? left : []))
      }
      #expect(try names(in: "\(root)/out").count == 4)
    }
  }

  @Test("but archives of another name, however alike, are none of its")
  func otherShards() throws {
    try withTemporaryFolder { root in
      try fill(root)
      for other in ["cafe\u{301}-000009.tar", "caf\u{E9}-9.tar", "caf\u{E9}s-000009.tar"] {
        try Data().write(to: URL(fileURLWithPath: "\(root)/\(other)"))
      }
      func run() throws -> [String] {
        try augmenter(cropping: true).run(
          input: "\(root)/in", shards: "\(root)//caf\u{E9}", samplesPerShard: 4
        ).remaining
      }
      #expect(try run().isEmpty)
      try Data().write(to: URL(fileURLWithPath: "\(root)/caf\u{E9}-000001.tar"))
      #expect(try run() == ["\(root)//caf\u{E9}-000001.tar"])
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
