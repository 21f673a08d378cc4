import Augmentation
import Foundation
import Images
import TestSupport
import Testing

@testable import ImageDatasets

@Suite("Labels of the picture, and of what is left of it")
struct LabelSizeTests {
  private let size = PixelSize(width: 40, height: 20)

  private func coco(
    _ extents: String = "", name: String = "a.png", annotation: String = ""
  ) throws(LabelError) -> LabelSet {
    let text = """
      {"images": [{"id": 1, "file_name": "\(name)"\(extents)}], "categories": [],
       "annotations": [{"image_id": 1, "category_id": 1, "bbox": [2, 3, 8, 6]\(annotation)}]}
      """
    return .coco(try COCOLabels(Array(text.utf8), file: "a.json"))
  }

  @Test(
    "COCO's of another size are refused; what is absent or 0 is not compared",
    arguments: [
      (#", "width": 40, "height": 20"#, true), (#", "width": 0, "height": 0"#, true),
      (#", "width": 40"#, true), (#", "width": null, "height": 20"#, true),
      (#", "width": 80, "height": 40"#, false), (#", "width": 20, "height": 40"#, false),
      (#", "height": 21"#, false),
    ])
  func cocoSizes(extents: String, fits: Bool) throws {
    let set = try coco(extents)
    if fits {
      #expect(try set.labels(of: "a.png", size: size).boxes.count == 1)
    } else {
      let error = #expect(throws: LabelError.self) { try set.labels(of: "a.png", size: size) }
      let words = error?.description ?? ""
      #expect(words.contains("a.json: image 'a.png': labels of a picture of "), "\(words)")
      #expect(words.contains("for one that is 40×20 upright. Scale them"), "\(words)")
    }
  }

  @Test(
    "VOC's of another size are refused; what is absent or 0 is not compared",
    arguments: [
      ("<size><width>40</width><height>20</height></size>", true), ("", true),
      ("<size><width>0</width><height>0</height></size>", true), ("<size/>", true),
      ("<size><width>80</width><height>40</height></size>", false),
      ("<size><height>40</height></size>", false),
    ])
  func vocSizes(words: String, fits: Bool) throws {
    let bytes = Array("<annotation>\n\(words)</annotation>".utf8)
    if fits {
      #expect(try VOCLabels.read(bytes, size: size, file: "a.xml").boxes.isEmpty)
    } else {
      let error = #expect(throws: LabelError.self) {
        try VOCLabels.read(bytes, size: size, file: "a.xml")
      }
      #expect(error?.description.contains("a.xml, line 2: labels of a picture of ") == true)
      #expect(error?.description.contains("40×20") == true)
    }
  }

  @Test("COCO's names with folders stand for pictures by all that follows, if nothing else does")
  func longerNames() throws {
    let long = try coco(name: "data/images/sub/a.png")
    for name in ["a.png", "sub/a.png", "images/sub/a.png"] {
      #expect(try long.among([name]).labels(of: name, size: size).boxes.count == 1, "\(name)")
    }
    for name in ["other/a.png", "b/a.png", "ub/a.png"] {
      #expect(throws: LabelError.self) { try long.among([name]).labels(of: name, size: size) }
    }
    let beside = try long.among(["sub/a.png", "other/a.png", "a.png"])
    #expect(try beside.labels(of: "sub/a.png", size: size).boxes.count == 1)
    #expect(throws: LabelError.self, "another picture could be meant") {
      try long.among(["a.png", "sub/a.png"]).labels(of: "a.png", size: size)
    }
    let both = LabelSet.coco(
      try COCOLabels(
        Array(
          """
          {"images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "images/sub/a.png"}],
           "annotations": [{"id": 1, "image_id": 2, "category_id": 1, "bbox": [1, 2, 3, 4]}]}
          """.utf8), file: "a.json"))
    let found = try both.among(["sub/a.png"]).labels(of: "sub/a.png", size: size)
    #expect(found.boxes.count == 1, "the longer name says more")
    let text = """
      {"images": [{"id": 1, "file_name": "x/a.png"}, {"id": 2, "file_name": "y/a.png"}],
       "annotations": []}
      """
    let two = LabelSet.coco(try COCOLabels(Array(text.utf8), file: "a.json"))
    let error = #expect(throws: LabelError.self) { try two.labels(of: "a.png", size: size) }
    #expect(error?.description.contains("any of the images x/a.png, y/a.png") == true)
  }

  private func annotations(_ annotation: String, after pipeline: Pipeline) throws -> String {
    try withTemporaryFolder { root in
      try FileManager.default.createDirectory(
        atPath: "\(root)/in", withIntermediateDirectories: true)
      try ImageFile.write(Image(width: 40, height: 20, channels: 1), to: "\(root)/in/a.png")
      var augmenter = FolderAugmenter(pipeline)
      augmenter.labels = try coco(annotation: annotation)
      _ = try augmenter.run(input: "\(root)/in", output: "\(root)/out")
      return try String(contentsOfFile: "\(root)/out/annotations.json", encoding: .utf8)
    }
  }

  @Test("A thing whose outlines are all cropped away is gone, though its box reaches in")
  func cropped() throws {
    // The box goes from 2 to 10, the outline from 2 to 4; the crop keeps 6 to 34.
    let outlined = #", "segmentation": [[2, 3, 4, 3, 4, 9]]"#
    let crop = Pipeline { CenterCrop(width: 28, height: 20) }
    #expect(try !annotations(outlined, after: crop).contains("bbox"))
    #expect(try annotations("", after: crop).contains(#""bbox": [0, 3, 4, 6]"#))
    let degenerate = #", "segmentation": [[2, 3, 4, 3, 2, 3]]"#
    #expect(try annotations(degenerate, after: crop).contains("bbox"), "never had one")
  }

  @Test("Without outlines 'segmentation' is empty, and the area keeps its share of the box")
  func runs() throws {
    let crowd =
      #", "iscrowd": 1, "area": 12, "segmentation": {"counts": [3, 4], "size": [20, 40]}"#
    let same = try annotations(crowd, after: Pipeline([]))
    let kept = #""area": 12, "segmentation": [], "category_id": 1, "iscrowd": 1"#
    #expect(same.contains(kept), "\(same)")
    let crop = Pipeline { CenterCrop(width: 28, height: 20) }
    #expect(try annotations(crowd, after: crop).contains(#""area": 6, "segmentation": []"#))
    #expect(try annotations("", after: crop).contains(#""area": 24, "segmentation": []"#))
  }
}
