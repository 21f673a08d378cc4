import Augmentation
import Foundation
import ImageDatasets
import Images
import Synchronization
import TestSupport
import Testing

@Suite("What augmented files keep of the files they are made of")
struct DepthTests {
  private let width = 24, height = 18

  private var bytes: Image {
    Image(
      width: width, height: height, channels: 3,
      samples: (0..<width * height * 3).map { UInt8($0 * 7 % 256) })
  }

  private var words: DeepImage {
    DeepImage(
      width: width, height: height, channels: 1,
      samples: (0..<width * height).map { UInt16($0 * 151) })
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  private func contents(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private var recording: FolderAugmenter {
    var augmenter = FolderAugmenter(
      Pipeline {
        HorizontalFlip(probability: 1)
        RandomGamma(gamma: 2...2, probability: 1)
      })
    augmenter.isRecording = true
    return augmenter
  }

  @Test("Maps of 16 bits are refused where colours were recorded, and are whole as masks")
  func replayedMaps() throws {
    try withTemporaryFolder { root in
      try write(PNG.encode(bytes), to: "\(root)/in/a.png")
      try write(
        PNG.encode(stored: .words(words), palette: nil, name: "a"), to: "\(root)/depth/a.png")
      _ = try recording.run(input: "\(root)/in", output: "\(root)/out")
      var again = FolderAugmenter(Pipeline([]))
      again.replay = try ReplayList("\(root)/out/manifest.jsonl")
      let reason = Mutex("")
      let refused = try again.run(input: "\(root)/depth", output: "\(root)/no") {
        if case .skipped(_, let words) = $0 { reason.withLock { $0 = words } }
      }
      #expect(refused.skipped == 1 && refused.written == 0)
      let words = reason.withLock { $0 }
      #expect(words.contains("depth/a.png: 16 bits") && words.contains("--masks"), "\(words)")

      again.masks = "\(root)/depth"
      #expect(try again.run(input: "\(root)/in", output: "\(root)/both").written == 1)
      #expect(
        try contents("\(root)/both/images/a.png") == contents("\(root)/out/a.png"))
      let map = try PNG.decodeStored(contents("\(root)/both/masks/a.png"), name: "a")
      #expect(map.pixels == .words(self.words.applying(.mirrored)), "moved, and nothing else")
    }
  }

  @Test("Pictures of 16 bits become 8, which is counted, and are replayed to the same bytes")
  func deepPictures() throws {
    try withTemporaryFolder { root in
      try write(PNG.encode(bytes), to: "\(root)/in/a.png")
      try write(
        PNG.encode(stored: .words(words), palette: nil, name: "b"), to: "\(root)/in/b.png")
      let summary = try recording.run(input: "\(root)/in", output: "\(root)/out")
      #expect(summary.augmented == 2 && summary.lostDepth == 1)
      let manifest = String(decoding: try contents("\(root)/out/manifest.jsonl"), as: UTF8.self)
      #expect(
        manifest.split(separator: "\n").map { $0.contains(#""inputBits": 16"#) } == [false, true])
      var again = FolderAugmenter(Pipeline([]))
      again.replay = try ReplayList("\(root)/out/manifest.jsonl")
      #expect(try again.run(input: "\(root)/in", output: "\(root)/again").lostDepth == 1)
      for name in ["a.png", "b.png"] {
        #expect(try contents("\(root)/again/\(name)") == contents("\(root)/out/\(name)"))
      }
    }
  }

  @Test("Profiles stay, and no description of the old pixels does")
  func profiles() throws {
    var profile = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* $0) }
    profile.replaceSubrange(16..<20, with: "RGB ".utf8)
    var metadata = PictureMetadata()
    (metadata.profile, metadata.xmp) = (profile, Array("<x/>".utf8))
    try withTemporaryFolder { root in
      try write(metadata.added(toPNG: PNG.encode(bytes), colors: 3), to: "\(root)/in/a.png")
      try write(metadata.added(toJPEG: JPEG.encode(bytes), colors: 3), to: "\(root)/in/b.jpg")
      _ = try recording.run(input: "\(root)/in", output: "\(root)/out")
      for name in ["a.png", "b.jpg"] {
        let stored = try StoredPicture(decoding: contents("\(root)/out/\(name)"), name: name)
        #expect(stored.metadata.profile == profile && stored.metadata.xmp.isEmpty, "\(name)")
      }
    }
  }

  @Test(
    "JPEG keeps the colour of each pixel from quality 90 on",
    arguments: [(89, JPEG.Subsampling.both), (90, .none), (92, .none)])
  func sampling(quality: Int, subsampling: JPEG.Subsampling) throws {
    try withTemporaryFolder { root in
      try write(JPEG.encode(bytes), to: "\(root)/in/a.jpg")
      var augmenter = FolderAugmenter(Pipeline([]))
      augmenter.quality = quality
      _ = try augmenter.run(input: "\(root)/in", output: "\(root)/out")
      let expected = try JPEG.encode(
        ImageFile.read("\(root)/in/a.jpg"), quality: quality, subsampling: subsampling)
      #expect(try contents("\(root)/out/a.jpg") == expected)
    }
  }
}
