import Augmentation
import Foundation
import ImageDatasets
import Images
import Synchronization
import TestSupport
import Testing

@Suite("Augmenting a folder with labels and masks")
struct LabelledFolderTests {
  private let pipeline = Pipeline {
    HorizontalFlip(probability: 1)
    Rotate(limit: -10...10)
    GaussNoise()
  }

  /// Five pictures with masks, YOLO boxes and a COCO file.
  private func fill(_ root: String) throws {
    for folder in ["in", "masks", "yolo"] {
      try FileManager.default.createDirectory(
        atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
    var images: [String] = [], annotations: [String] = []
    for number in 0..<5 {
      var image = Image(width: 40, height: 30, channels: 3, repeating: UInt8(10 * number))
      image[4 + number, 6, 0] = 255
      try ImageFile.write(image, to: "\(root)/in/\(number).png")
      var mask = Image(width: 40, height: 30, channels: 1)
      mask[4 + number, 6, 0] = 7
      try ImageFile.write(mask, to: "\(root)/masks/\(number).png")
      try Data("2 0.25 0.5 0.1 0.2\n".utf8).write(
        to: URL(fileURLWithPath: "\(root)/yolo/\(number).txt"))
      images.append(#"{"id": \#(number), "file_name": "\#(number).png"}"#)
      annotations.append(
        #"{"image_id": \#(number), "category_id": 1, "bbox": [8, 12, 4, 6], "iscrowd": 0,"#
          + #" "keypoints": [8, 12, 2, 0, 0, 0]}"#)
    }
    let coco =
      #"{"images": [\#(images.joined(separator: ","))], "annotations": ["#
      + annotations.joined(separator: ",") + #"], "categories": [{"id": 1, "name": "dot"}]}"#
    try Data(coco.utf8).write(to: URL(fileURLWithPath: "\(root)/coco.json"))
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test("Boxes and masks follow a mirrored picture into a YOLO layout")
  func mirrored() throws {
    try withTemporaryFolder { root in
      try fill(root)
      var augmenter = FolderAugmenter(Pipeline { HorizontalFlip(probability: 1) })
      augmenter.labels = try LabelSet("\(root)/yolo")
      augmenter.masks = "\(root)/masks"
      let summary = try augmenter.run(input: "\(root)/in", output: "\(root)/out")
      #expect(summary.written == 5 && summary.skipped == 0)
      #expect(try text("\(root)/out/labels/3.txt") == "2 0.750000 0.500000 0.100000 0.200000\n")
      #expect(try ImageFile.read("\(root)/out/images/3.png")[32, 6, 0] == 255)
      #expect(try ImageFile.read("\(root)/out/masks/3.png")[32, 6, 0] == 7)
      let lines = try text("\(root)/out/manifest.jsonl").split(separator: "\n")
      #expect(lines.count == 5)
      #expect(lines[3].contains(#""boxes": [{"label": "2", "box": [28, 12, 32, 18]}]"#))
    }
  }

  @Test("COCO files keep what they say, with boxes and keypoints where they are now")
  func coco() throws {
    try withTemporaryFolder { root in
      try fill(root)
      var augmenter = FolderAugmenter(Pipeline { HorizontalFlip(probability: 1) })
      augmenter.labels = try LabelSet("\(root)/coco.json")
      augmenter.copies = 2
      _ = try augmenter.run(input: "\(root)/in", output: "\(root)/out")
      let labels = try text("\(root)/out/annotations.json")
      #expect(labels.contains(#""file_name": "4-0002.png""#) && labels.contains(#""iscrowd": 0"#))
      #expect(labels.contains(#""bbox": [28, 12, 4, 6]"#))
      #expect(labels.contains(#""keypoints": [31, 12, 2, 0, 0, 0]"#))
      let again = try LabelSet("\(root)/out/annotations.json")
        .labels(of: "0-0001.png", size: PixelSize(width: 40, height: 30))
      #expect(again.boxes.first?.label == "dot")
    }
  }

  @Test("Files and tar archives are the same bytes with one, two and four threads")
  func threads() throws {
    try withTemporaryFolder { root in
      try fill(root)
      var archives: [[UInt8]] = [], manifests: [String] = []
      for threads in [1, 2, 4] {
        var augmenter = FolderAugmenter(pipeline)
        augmenter.labels = try LabelSet("\(root)/coco.json")
        augmenter.masks = "\(root)/masks"
        augmenter.copies = 3
        augmenter.isRecording = true
        augmenter.threads = threads
        let archive = Mutex<[UInt8]>([])
        _ = try augmenter.run(
          input: "\(root)/in",
          tar: { bytes in
            archive.withLock { $0 += bytes }
          })
        archives.append(archive.withLock { $0 })
        _ = try augmenter.run(input: "\(root)/in", output: "\(root)/out\(threads)")
        manifests.append(
          try text("\(root)/out\(threads)/manifest.jsonl")
            + text("\(root)/out\(threads)/annotations.json"))
      }
      #expect(archives[0] == archives[1] && archives[0] == archives[2])
      #expect(manifests[0] == manifests[1] && manifests[0] == manifests[2])
      #expect(archives[0].count % 512 == 0)
      #expect(String(decoding: archives[0].prefix(10), as: UTF8.self) == "0-0001.png")
      #expect(manifests[0].contains(#""operation": "GaussNoise""#))
    }
  }

  @Test("A preview shows each picture beside its copies, boxes drawn in")
  func preview() throws {
    try withTemporaryFolder { root in
      try fill(root)
      var augmenter = FolderAugmenter(Pipeline { HorizontalFlip(probability: 1) })
      augmenter.labels = try LabelSet("\(root)/coco.json")
      let sheet = try augmenter.preview(of: "\(root)/in", pictures: 2, variations: 1, side: 40)
      #expect(sheet.width == 84 && sheet.height == 64)
      // The box from 8, 12 to 12, 18, and mirrored in the copy, which begins at 44.
      for x in [8, 11, 44 + 28, 44 + 31] {
        #expect(sheet[x, 12, 0] != sheet[x, 12, 1] || sheet[x, 12, 1] != sheet[x, 12, 2])
        #expect(sheet[x, 20, 0] == 0 && sheet[x, 20, 1] == 0)
      }
    }
  }

  @Test("A picture without its label or mask is named and left out")
  func missing() throws {
    try withTemporaryFolder { root in
      try fill(root)
      try FileManager.default.removeItem(atPath: "\(root)/masks/2.png")
      try Data("oops".utf8).write(to: URL(fileURLWithPath: "\(root)/yolo/3.txt"))
      var augmenter = FolderAugmenter(pipeline)
      augmenter.labels = try LabelSet("\(root)/yolo")
      augmenter.masks = "\(root)/masks"
      let reasons = Mutex<[String]>([])
      let summary = try augmenter.run(input: "\(root)/in", output: "\(root)/out") { event in
        if case .skipped(_, let reason) = event { reasons.withLock { $0.append(reason) } }
      }
      #expect(summary.written == 3 && summary.skipped == 2)
      let all = reasons.withLock { $0.joined() }
      #expect(all.contains("masks/2.png") && all.contains("yolo/3.txt, line 1"))
    }
  }

  @Test("takes no folder without labels for one in which nothing is labelled")
  func noLabels() throws {
    try withTemporaryFolder { root in
      try fill(root)
      // A link back, which must not be followed for ever.
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/in/loop", withDestinationPath: ".")
      for format in [nil, LabelFormat.yolo, .voc] {
        let error = #expect(throws: LabelError.self) {
          try LabelSet("\(root)/in", format: format)
        }
        #expect(error?.description.contains("no labels. Put") == true)
      }
      #expect(throws: LabelError.self) { try LabelSet("\(root)/yolo", format: .voc) }
    }
  }
}
