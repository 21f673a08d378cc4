import Augmentation
import Files
import Foundation
import Images
import TestSupport
import Testing

@testable import ImageDatasets

@Suite("Hostile labels, manifests and IDX files")
struct HostileFileTests {
  private static let size = PixelSize(width: 20, height: 14)
  private static let picture = Image(
    width: 20, height: 14, channels: 3, samples: [UInt8](repeating: 90, count: 20 * 14 * 3))

  /// Moves labels with a picture and writes them in every format.
  private static func use(_ labels: PictureLabels) throws {
    var picture = AnnotatedImage(
      Self.picture, boxes: labels.boxes, keypoints: labels.keypoints, outlines: labels.outlines)
    picture = try Pipeline {
      Rotate(limit: 20...20, probability: 1)
      GridDistortion(limit: -0.3...0.3, probability: 1)
    }.apply(to: picture, key: .init(seed: 1))
    let moved = labels.following(picture)
    _ = YOLOLabels.text(moved, size: size)
    _ = VOCLabels.text(moved, name: "a.png", size: size, channels: 3)
    var coco = COCOWriter(categories: .list([]))
    coco.add(moved, name: "a.png", size: size)
    _ = coco.text
  }

  private func expectSafe(
    _ purpose: String, _ count: Int, of files: [[UInt8]],
    _ read: ([UInt8]) throws -> Void
  ) {
    let faults = Mutations.faults(count, of: files, purpose, naming: "my file", read)
    #expect(faults.isEmpty, "\(faults.prefix(5))")
  }

  @Test("COCO's labels are read, or are an error that names their file")
  func coco() {
    let text = """
      {"images": [{"id": 1, "file_name": "0.png", "width": 20, "height": 14}],
       "categories": [{"id": 1, "name": "dot", "keypoints": ["a", "b"]}],
       "annotations": [{"id": 5, "image_id": 1, "category_id": 1, "bbox": [2, 3, 8, 6],
         "iscrowd": 0, "area": 48, "keypoints": [3, 4, 2, 9, 8, 1], "num_keypoints": 2,
         "segmentation": [[2, 3, 10, 3, 10, 9]]}]}
      """
    expectSafe("COCO", 800, of: [Array(text.utf8)]) {
      let labels = try COCOLabels($0, file: "my file")
      _ = labels.categories.text
      try Self.use(labels.labels(of: "0.png", size: PixelSize(width: 20, height: 14)))
    }
  }

  @Test("YOLO's labels are read, or are an error that names their file")
  func yolo() {
    let text = "0 0.5 0.5 0.2 0.3\nperson 0.1 0.2 0.2 0.4\n"
    expectSafe("YOLO", 600, of: [Array(text.utf8)]) {
      let text = String(decoding: $0, as: UTF8.self)
      try Self.use(YOLOLabels.read(text, size: Self.size, file: "my file"))
    }
  }

  @Test("Pascal VOC's labels are read, or are an error that names their file")
  func voc() {
    let text = """
      <?xml version="1.0"?><!DOCTYPE annotation><annotation><!-- x --><filename>a</filename>
      <object><name>cat &amp; dog&#65;</name><pose><![CDATA[left]]></pose><difficult>0</difficult>
      <bndbox><xmin>1.5</xmin><ymin>2</ymin><xmax>12</xmax><ymax>9</ymax></bndbox></object>
      </annotation>
      """
    expectSafe("VOC", 800, of: [Array(text.utf8)]) {
      try Self.use(VOCLabels.read($0, file: "my file"))
    }
  }

  @Test("An IDX file is read, or is an error that names it")
  func idx() throws {
    let plain: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4] + [UInt8](1...24)
    expectSafe("IDX", 600, of: [plain]) { _ = try IDXFile($0, rank: 3, name: "my file") }
  }

  @Test("A manifest is done again, or is an error that names it")
  func manifests() throws {
    try withTemporaryFolder { root in
      try FileManager.default.createDirectory(
        atPath: "\(root)/in", withIntermediateDirectories: true)
      try ImageFile.write(Self.picture, to: "\(root)/in/0.png")
      var augmenter = FolderAugmenter(Preset.strong.pipeline)
      augmenter.copies = 2
      augmenter.isRecording = true
      augmenter.threads = 1
      _ = try augmenter.run(input: "\(root)/in", output: "\(root)/out")
      let sound = try WholeFile.read("\(root)/out/manifest.jsonl")
      let path = "\(root)/my file"
      expectSafe("manifest", 300, of: [sound]) {
        try AtomicFile.write($0, to: path)
        var again = FolderAugmenter(Pipeline([]))
        again.replay = try ReplayList(path)
        again.threads = 1
        do {
          _ = try again.run(input: "\(root)/in", output: "\(root)/again")
        } catch is DatasetError {
          // None of the pictures could be done: they were named one by one.
        }
      }
    }
  }
}
