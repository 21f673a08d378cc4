import Augmentation
import Foundation
import Images
import Synchronization
import TestSupport
import Testing

@testable import ImageDatasets

@Suite("Labels are kept as they are, and found where they are")
struct FaithfulLabelTests {
  private let size = PixelSize(width: 20, height: 10)

  private func write(_ text: String, to path: String) throws {
    let file = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private func writePicture(_ path: String) throws {
    try write("", to: path)
    try ImageFile.write(Image(width: 20, height: 10, channels: 3, repeating: 90), to: path)
  }

  private func coco(_ text: String) throws(LabelError) -> LabelSet {
    .coco(try COCOLabels(Array(text.utf8), file: "a.json"))
  }

  @Test("COCO's flags stay flags, and numbers keep their digits")
  func details() throws {
    let details =
      #""crowd": false, "deep": [[[[[[[[[{"a": true}]]]]]]]]],"#
      + #" "hash": -123456789012345678901234567890, "most": 18446744073709551615, "none": null,"#
      + #" "occluded": true, "share": 0.02379646270918914, "text": "a\"\u00e9\ud83d\ude00\n", "#
      + #""track": 9007199254740993"#
    let text = """
      {"images": [{"id": 1, "file_name": "a"}], "categories": [{"id": 2, "is": true, "name": "x"}],
       "annotations": [{"image_id": 1, "category_id": 2, "bbox": [1, 2, 3, 4], \(details)}]}
      """
    let set = try coco(text)
    guard case .coco(let file) = set else { return }
    var writer = COCOWriter(categories: file.categories)
    writer.add(try set.labels(of: "a", size: size), name: "a", size: size)
    let kept = details.replacing(#"\u00e9\ud83d\ude00"#, with: "é😀")
    #expect(writer.text.contains(kept), "\(writer.text)")
    #expect(writer.text.contains(#"{"id": 2, "is": true, "name": "x"}"#))
  }

  @Test(
    "COCO's numbers of pictures and categories may be of any size",
    arguments: ["9007199254740993", "18446744073709551615", "123456789012345678901234567890"])
  func numbers(number: String) throws {
    let other = number.dropLast() + "4"
    let set = try coco(
      """
      {"images": [{"id": \(number), "file_name": "a"}, {"id": \(other), "file_name": "b"}],
       "categories": [{"id": \(number), "name": "cat"}, {"id": \(other), "name": "dog"}],
       "annotations": [{"image_id": \(number), "category_id": \(number), "bbox": [1, 2, 3, 4]}]}
      """)
    #expect(try set.labels(of: "a", size: size).boxes.map(\.label) == ["cat"])
    #expect(try set.labels(of: "b", size: size).boxes.isEmpty)
  }

  @Test(
    "What is no JSON is an error",
    arguments: [
      "{,}", "[1,", "{\"a\" 1}", "-", "nul", "\"a", "[1] 2", "[\u{7}]",
      String(repeating: "[", count: 100_000),
    ])
  func noJSON(text: String) {
    let error = #expect(throws: LabelError.self) { try coco(text) }
    #expect(error?.description.contains("a.json: not JSON") == true)
  }

  @Test(
    "COCO's last part of a name stands for one picture alone, and two entries of a name for one")
  func names() throws {
    let text = """
      {"images": [{"id": 1, "file_name": "a"}, {"id": 2, "file_name": "a"}, {"id": 2,
        "file_name": "a"}, {"id": 3, "file_name": "c"}], "categories": [],
       "annotations": [{"image_id": 1, "category_id": 5, "bbox": [1, 2, 3, 4]},
         {"image_id": 2, "category_id": 6, "bbox": [1, 2, 3, 4]},
         {"image_id": 3, "category_id": 7, "bbox": [1, 2, 3, 4]}]}
      """
    let set = try coco(text).among(["a", "sub/a", "sub/c", "x/d", "y/d"])
    #expect(try set.labels(of: "a", size: size).boxes.map(\.label) == ["5", "6"])
    #expect(try set.labels(of: "sub/c", size: size).boxes.map(\.label) == ["7"])
    let error = #expect(throws: LabelError.self) { try set.labels(of: "sub/a", size: size) }
    #expect(error?.description.contains("'a' could be another picture") == true)
    #expect(throws: LabelError.self) { try set.labels(of: "x/d", size: size) }
  }

  @Test("YOLO's files may end in capital letters; without any of the pictures' they are refused")
  func yoloNames() throws {
    try withTemporaryFolder { root in
      try writePicture("\(root)/in/a.png")
      try write("0 0.5 0.5 0.2 0.2\n", to: "\(root)/labels/a.TXT")
      var augmenter = FolderAugmenter(Pipeline([]))
      augmenter.labels = try LabelSet("\(root)/labels")
      _ = try augmenter.run(input: "\(root)/in", output: "\(root)/out")
      let text = try String(contentsOfFile: "\(root)/out/labels/a.txt", encoding: .utf8)
      #expect(text == "0 0.500000 0.500000 0.200000 0.200000\n")

      try write("cat\ndog\n", to: "\(root)/classes/classes.txt")
      augmenter.labels = try LabelSet("\(root)/classes")
      let error = #expect(throws: LabelError.self) {
        try augmenter.run(input: "\(root)/in", output: "\(root)/other")
      }
      #expect(error?.description.contains("is named like one of the pictures") == true)
    }
  }

  @Test("A label file that is a link to nothing is said, and its picture left out")
  func lostLabels() throws {
    try withTemporaryFolder { root in
      for name in ["a", "b", "c"] { try writePicture("\(root)/in/\(name).png") }
      try write("0 0.5 0.5 0.2 0.2\n", to: "\(root)/labels/a.txt")
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/labels/b.txt", withDestinationPath: "/nowhere/b.txt")
      var augmenter = FolderAugmenter(Pipeline([]))
      augmenter.labels = try LabelSet("\(root)/labels")
      let skipped = Mutex<[String]>([])
      let summary = try augmenter.run(input: "\(root)/in", output: "\(root)/out") { event in
        if case .skipped(_, let reason) = event { skipped.withLock { $0.append(reason) } }
      }
      #expect(summary.augmented == 2 && summary.skipped == 1)
      #expect(skipped.withLock { $0.first?.contains("labels/b.txt") } == true)
    }
  }

  @Test("YOLO's boxes have no negative sides, and a mark before the text is no part of it")
  func yoloText() throws {
    let labels = try YOLOLabels.read(
      "\u{FEFF}0 0.5 0.5 0.2 0.2\n", size: size, file: "a.txt")
    #expect(labels.boxes.map(\.label) == ["0"])
    for sides in ["-0.2 0.2", "0.2 -0.2"] {
      #expect(throws: LabelError.self) {
        try YOLOLabels.read("0 0.5 0.5 \(sides)", size: size, file: "a.txt")
      }
    }
  }

  #if os(Linux)
    @Test("Names that differ only in how an accent is written are two files")
    func normalization() throws {
      try withTemporaryFolder { root in
        let names = ["caf\u{e9}.png", "cafe\u{301}.png"]
        for name in names { try writePicture("\(root)/in/\(name)") }
        try write("0 0.5 0.5 0.2 0.2\n", to: "\(root)/labels/caf\u{e9}.txt")
        var augmenter = FolderAugmenter(Pipeline { HorizontalFlip(probability: 1) })
        augmenter.isRecording = true
        augmenter.labels = try LabelSet("\(root)/labels")
        for _ in 0..<2 {
          #expect(try augmenter.run(input: "\(root)/in", output: "\(root)/out").written == 2)
        }
        augmenter.labels = nil
        augmenter.replay = try ReplayList("\(root)/out/manifest.jsonl")
        #expect(try augmenter.run(input: "\(root)/in", output: "\(root)/again").written == 2)
        let size = Mutex(0)
        let summary = try augmenter.run(
          input: "\(root)/in", tar: { bytes in size.withLock { $0 += bytes.count } })
        #expect(summary.written == 2)
        #expect(
          try augmenter.run(
            input: "\(root)/in", shards: "\(root)/tars/t", samplesPerShard: 9
          ).written == 2)
        let set = try coco(
          """
          {"images": [{"id": 1, "file_name": "\(names[0])"}, {"id": 2, "file_name": "\(names[1])"}],
           "annotations": [{"image_id": 1, "category_id": 5, "bbox": [1, 2, 3, 4]}]}
          """)
        #expect(try names.map { try set.labels(of: $0, size: self.size).boxes.count } == [1, 0])
      }
    }
  #endif
}
