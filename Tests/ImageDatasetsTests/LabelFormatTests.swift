import Augmentation
import ImageDatasets
import Tensors
import Testing

@Suite("Label files")
struct LabelFormatTests {
  private let size = PixelSize(width: 200, height: 100)

  private static let coco = """
    {"images": [{"id": 7, "file_name": "a.png"}, {"id": 8, "file_name": "b.png"}],
     "annotations": [{"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 20, 30, 40],
       "iscrowd": 0, "keypoints": [12, 22, 2, 0, 0, 0], "segmentation": [[10, 20, 40, 20, 40, 60]]}],
     "categories": [{"id": 3, "name": "cat"}]}
    """
  private static let voc = """
    <?xml version="1.0"?>
    <!-- drawn by hand -->
    <annotation><folder/><size><width>200</width></size>
      <object><name>cat &amp; dog</name><difficult>1</difficult>
        <bndbox><xmin>10</xmin><ymin>20</ymin><xmax>40.5</xmax><ymax>60</ymax></bndbox>
      </object>
    </annotation>
    """

  @Test("YOLO's shares become pixels and shares again")
  func yolo() throws {
    let text = "3 0.250000 0.500000 0.100000 0.400000\n0 0.500000 0.500000 1.000000 1.000000\n"
    let labels = try YOLOLabels.read(text, size: size, file: "a.txt")
    #expect(labels.boxes[0] == Box(left: 40, top: 30, right: 60, bottom: 70, label: "3"))
    #expect(labels.boxes[1].tag == 1 && labels.boxes[1].right == 200)
    #expect(YOLOLabels.text(labels, size: size) == text)
  }

  @Test("VOC's boxes, names and further words are read and written")
  func voc() throws {
    let labels = try VOCLabels.read(Array(Self.voc.utf8), file: "a.xml")
    let box = Box(left: 10, top: 20, right: 40.5, bottom: 60, label: "cat & dog")
    #expect(labels.boxes == [box])
    let text = VOCLabels.text(labels, name: "a<b.png", size: size, channels: 3)
    #expect(text.contains("<difficult>1</difficult>") && text.contains("a&lt;b.png"))
    #expect(try VOCLabels.read(Array(text.utf8), file: "b.xml") == labels)
  }

  @Test(
    "A faulty file is an error that names the line and the remedy",
    arguments: [
      ("0 0.5 0.5 1", "a.txt, line 1: 4 words where a box has 5"),
      ("0 0.5 0.5 1 1\n\n0 x 0.5 1 1", "a.txt, line 3: 'x 0.5 1 1' are not four shares"),
      ("0 nan 0.5 1 1", "are not four shares"), ("0 12 30 40 50", "are not four shares"),
    ])
  func yoloFaults(text: String, words: String) {
    let error = #expect(throws: LabelError.self) {
      try YOLOLabels.read(text, size: size, file: "a.txt")
    }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  @Test(
    "Faulty XML and JSON are errors",
    arguments: [
      "", "<annotation>", "<a></b>", "<annotation><object></object></annotation>",
      "<annotation>&nothing;</annotation>", "<!DOCTYPE a [<!ENTITY b \"c\">]><annotation/>", "{",
      "[]", "{\"images\": 3}", "{\"images\": [], \"annotations\": [{}]}",
      "{\"images\": [{}], \"annotations\": []}",
    ])
  func otherFaults(text: String) {
    #expect(throws: LabelError.self) { try VOCLabels.read(Array(text.utf8), file: "a.xml") }
    #expect(throws: LabelError.self) { try COCOLabels(Array(text.utf8), file: "a.json") }
  }

  @Test("COCO's numbers may be as large as a time of day or a hash", arguments: [1, 1 << 62])
  func largeNumbers(number: Int) throws {
    let text = """
      {"images": [{"id": \(number), "file_name": "a.png"}, {"id": \(number - 1), "file_name": "b"}],
       "categories": [{"id": \(number), "name": "cat"}],
       "annotations": [{"image_id": \(number), "category_id": \(number), "bbox": [1, 2, 3, 4]}]}
      """
    let set = LabelSet.coco(try COCOLabels(Array(text.utf8), file: "a.json"))
    #expect(try set.labels(of: "a.png", size: size).boxes.map(\.label) == ["cat"])
    #expect(try set.labels(of: "b", size: size).boxes.isEmpty)
    let fraction = text.replacing("{\"image_id\": \(number)", with: "{\"image_id\": 1.5")
    #expect(throws: LabelError.self) { try COCOLabels(Array(fraction.utf8), file: "a.json") }
  }

  @Test("COCO's outlines are read, and a faulty one is an error with its number")
  func outlines() throws {
    let set = LabelSet.coco(try COCOLabels(Array(Self.coco.utf8), file: "a.json"))
    let labels = try set.labels(of: "a.png", size: size)
    #expect(labels.outlines == [Outline(corners: [[10, 20], [40, 20], [40, 60]], label: "cat")])
    let runs = Self.coco.replacing("[[10, 20, 40, 20, 40, 60]]", with: #"{"counts": [3, 4]}"#)
    let other = LabelSet.coco(try COCOLabels(Array(runs.utf8), file: "a.json"))
    #expect(try other.labels(of: "a.png", size: size).outlines.isEmpty)
    let faulty = Self.coco.replacing("[[10, 20, 40, 20, 40, 60]]", with: "[[10, 20, 40]]")
    let error = #expect(throws: LabelError.self) {
      try COCOLabels(Array(faulty.utf8), file: "a.json")
    }
    #expect(error?.description.contains("annotation 1 has a polygon") == true)
  }

  @Test("Files with changed bytes are read or refused, never more than that")
  func fuzz() {
    var random = SeededRandom(seed: 3), refused = 0
    let yolo = "3 0.25 0.5 0.1 0.4\n0 0.5 0.5 1 1\n"
    let sources = [Array(Self.coco.utf8), Array(Self.voc.utf8), Array(yolo.utf8)]
    for round in 0..<4500 {
      var bytes = sources[round % 3]
      for _ in 0...random.integer(below: 3) {
        bytes[random.integer(below: bytes.count)] = UInt8(random.integer(below: 256))
      }
      if random.chance(0.2) { bytes.removeLast(random.integer(below: bytes.count)) }
      do throws(LabelError) {
        switch round % 3 {
        case 0: _ = try COCOLabels(bytes, file: "a.json")
        case 1: _ = try VOCLabels.read(bytes, file: "a.xml")
        default:
          _ = try YOLOLabels.read(
            String(decoding: bytes, as: UTF8.self), size: size, file: "a.txt")
        }
      } catch {
        refused += 1
        #expect(error.description.contains("a."))
      }
    }
    #expect(refused > 900, "many changes matter")
  }
}
