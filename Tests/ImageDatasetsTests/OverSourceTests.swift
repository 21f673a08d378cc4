import Augmentation
import Foundation
import ImageDatasets
import Images
import TestSupport
import Testing

@Suite("What is read is never written over")
struct OverSourceTests {
  private let yolo = "0 0.5 0.5 0.2 0.2\n"
  private let coco = """
    {"images": [{"id": 1, "file_name": "a.png"}], "categories": [{"id": 1, "name": "dot"}],
     "annotations": [{"image_id": 1, "category_id": 1, "bbox": [2, 3, 8, 6]}]}
    """

  private var augmenter: FolderAugmenter {
    var augmenter = FolderAugmenter(Pipeline { HorizontalFlip(probability: 1) })
    augmenter.isRecording = true
    return augmenter
  }

  private func write(_ text: String, to path: String) throws {
    let file = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private func writePicture(_ path: String, channels: Int = 3) throws {
    try write("", to: path)
    let samples = (0..<16 * 12 * channels).map { UInt8($0 % 251) }
    let image = Image(width: 16, height: 12, channels: channels, samples: samples)
    try ImageFile.write(image, to: path)
  }

  private func files(in folder: String) -> [String: Data] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    return names.reduce(into: [:]) {
      $0[$1] = FileManager.default.contents(atPath: "\(folder)/\($1)")
    }
  }

  /// Runs twice what is refused, and sees that nothing changes.
  private func expectRefused(
    _ error: OutputError, in root: String, _ run: () throws -> Void
  ) {
    let before = files(in: root)
    #expect(throws: error, performing: run)
    #expect(files(in: root) == before, "nothing is written")
  }

  @Test("Labels, masks and a COCO file in the output folder are refused, under links too")
  func sharedLayouts() throws {
    try withTemporaryFolder { root in
      try writePicture("\(root)/ds/pics/a.png")
      try writePicture("\(root)/ds/masks/a.png", channels: 1)
      try write(yolo, to: "\(root)/ds/labels/a.txt")
      try write(coco, to: "\(root)/ds/annotations.json")
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/link", withDestinationPath: "\(root)/ds")
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/inner", withDestinationPath: "\(root)/ds/pics")
      for out in ["\(root)/ds", "\(root)/link", "\(root)/ds/../link", "\(root)/inner/.."] {
        var labelled = augmenter
        labelled.labels = try LabelSet("\(root)/ds/labels")
        expectRefused(
          .overSource(output: "\(out)/labels", source: "\(root)/ds/labels"), in: root
        ) { _ = try labelled.run(input: "\(root)/ds/pics", output: out) }
        var masked = augmenter
        masked.masks = "\(root)/ds/masks"
        expectRefused(
          .overSource(output: "\(out)/masks", source: "\(root)/ds/masks"), in: root
        ) { _ = try masked.run(input: "\(root)/ds/pics", output: out) }
        var listed = augmenter
        listed.labels = try LabelSet("\(root)/ds/annotations.json")
        expectRefused(
          .overSource(
            output: "\(out)/annotations.json", source: "\(root)/ds/annotations.json"), in: root
        ) { _ = try listed.run(input: "\(root)/ds/pics", output: out) }
      }
      try writePicture("\(root)/yolo/images/a.png")
      try write(yolo, to: "\(root)/yolo/labels/a.txt")
      var labelled = augmenter
      labelled.labels = try LabelSet("\(root)/yolo/labels")
      expectRefused(
        .overSource(output: "\(root)/yolo/images", source: "\(root)/yolo/images"), in: root
      ) { _ = try labelled.run(input: "\(root)/yolo/images", output: "\(root)/yolo") }
      for _ in 0..<2 {
        #expect(
          try labelled.run(input: "\(root)/yolo/images", output: "\(root)/new").written == 1)
      }
    }
  }

  @Test("So are a manifest that is replayed, a preview over a picture, and further pictures")
  func otherSources() throws {
    try withTemporaryFolder { root in
      try writePicture("\(root)/in/a.png")
      try writePicture("\(root)/other/a.png")
      _ = try augmenter.run(input: "\(root)/in", output: "\(root)/out")
      var again = augmenter
      again.replay = try ReplayList("\(root)/out/manifest.jsonl")
      let manifest = "\(root)/out/manifest.jsonl"
      expectRefused(.overSource(output: manifest, source: manifest), in: root) {
        _ = try again.run(input: "\(root)/in", output: "\(root)/out")
      }
      #expect(try again.run(input: "\(root)/in", output: "\(root)/again").written == 1)

      var previewed = augmenter
      previewed.previewFile = "\(root)/in/a.png"
      let preview = OutputError.previewOverSource(
        preview: "\(root)/in/a.png", source: "\(root)/in")
      expectRefused(preview, in: root) {
        _ = try previewed.run(input: "\(root)/in", output: "\(root)/sheet")
      }
      expectRefused(preview, in: root) {
        _ = try previewed.run(input: "\(root)/in", tar: { _ in Issue.record("written to") })
      }
      expectRefused(preview, in: root) {
        _ = try previewed.run(input: "\(root)/in", shards: "\(root)/t", samplesPerShard: 1)
      }

      for operation in [
        Mixup(folder: "\(root)/other"), CutMix(folder: "\(root)/other"),
      ] as [any PipelineStep] {
        let mixed = FolderAugmenter(Pipeline([operation]))
        expectRefused(
          .overSource(output: "\(root)/other", source: "\(root)/other"), in: root
        ) { _ = try mixed.run(input: "\(root)/in", output: "\(root)/other") }
      }
    }
  }

  @Test("Pictures of a run without labels are refused beside those with labels, and a file too")
  func unlabelledRun() throws {
    try withTemporaryFolder { root in
      try writePicture("\(root)/in/a.png")
      try write(yolo, to: "\(root)/labels/a.txt")
      _ = try augmenter.run(input: "\(root)/in", output: "\(root)/out")
      var labelled = augmenter
      labelled.labels = try LabelSet("\(root)/labels")
      #expect(throws: DatasetError.otherOutput("\(root)/out/a.png")) {
        try labelled.run(input: "\(root)/in", output: "\(root)/out")
      }
      let error = #expect(throws: OutputError.self) {
        try augmenter.run(input: "\(root)/in", output: "\(root)/labels/a.txt")
      }
      #expect(error == .notAFolder("\(root)/labels/a.txt"))
    }
  }

  @Test("Sources beside the folders of the output are no pictures of another run, nor is a sheet")
  func besideSources() throws {
    try withTemporaryFolder { root in
      try writePicture("\(root)/pictures/a.png")
      try write(yolo, to: "\(root)/yolo/a.txt")
      var labelled = augmenter
      labelled.labels = try LabelSet("\(root)/yolo")
      labelled.previewFile = "\(root)/sheet.png"
      for _ in 0..<2 {
        let summary = try labelled.run(input: "\(root)/pictures", output: root)
        #expect(summary.written == 1)
        labelled.previewFile = nil
      }
      labelled.labels = try LabelSet("\(root)/labels")
      #expect(throws: LabelError.self) {
        try writePicture("\(root)/others/b.png")
        _ = try labelled.run(input: "\(root)/others", output: "\(root)/none")
      }
      #expect(!FileManager.default.fileExists(atPath: "\(root)/none"))
    }
  }

  @Test("What a run that was killed left under temporary names is removed")
  func leftovers() throws {
    try withTemporaryFolder { root in
      try writePicture("\(root)/in/sub/a.png")
      try write(yolo, to: "\(root)/labels/sub/a.txt")
      let folders = ["out", "out/images/sub", "out/labels/sub", "tars"]
      for folder in folders { try write("half", to: "\(root)/\(folder)/.partial-7-0") }
      var labelled = augmenter
      labelled.labels = try LabelSet("\(root)/labels")
      _ = try labelled.run(input: "\(root)/in", output: "\(root)/out")
      _ = try labelled.run(input: "\(root)/in", shards: "\(root)/tars/t", samplesPerShard: 9)
      for folder in folders {
        #expect(!FileManager.default.fileExists(atPath: "\(root)/\(folder)/.partial-7-0"))
      }
    }
  }
}
