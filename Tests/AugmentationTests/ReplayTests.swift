import Augmentation
import Foundation
import Images
import Testing

@Suite("Records")
struct ReplayTests {
  @Test("A record that was written and read again gives the same picture and labels")
  func replays() throws {
    for preset in Preset.allCases {
      for index in 0..<12 {
        let picture = AnnotatedImage(
          ramp(61, 47), masks: [ramp(61, 47, channels: 1)],
          boxes: [.init(left: 5, top: 6, right: 40, bottom: 30)], keypoints: [.init(x: 9, y: 9)])
        let key = Pipeline.Key(seed: 4, epoch: 1, index: index)
        let (result, record) = try preset.pipeline.applyRecording(to: picture, key: key)
        #expect(try preset.pipeline.apply(to: picture, key: key) == result)
        let text = try JSONEncoder().encode(record)
        let read = try JSONDecoder().decode(AugmentationRecord.self, from: text)
        #expect(try read.replay(on: picture) == result, "\(preset) \(index)")
      }
    }
  }

  @Test("A record can be replayed on a picture of another size")
  func otherPicture() throws {
    for index in 0..<10 {
      let key = Pipeline.Key(seed: 8, index: index)
      let record = try Preset.strong.pipeline.applyRecording(
        to: AnnotatedImage(ramp(64, 48)), key: key
      ).record
      let other = try record.replay(on: AnnotatedImage(ramp(30, 50)))
      #expect(other.size == PixelSize(width: 30, height: 50))
    }
  }

  @Test("A record that leaves nothing of the picture is an error", arguments: ["scale", "aspect"])
  func nothingLeft(name: String) throws {
    let drawn =
      #"{"scale": 1, "aspect": 1, "rotate": 0, "shearX": 0, "shearY": 0, "translateX": 0,"#
      + #" "translateY": 0}"#
    let text = #"[{"operation": "Affine", "options": {}, "drawn": \#(drawn)}]"#
    func replay(_ text: String) throws -> AnnotatedImage {
      let operations = try JSONDecoder().decode([AppliedOperation].self, from: Data(text.utf8))
      return try AugmentationRecord(operations: operations).replay(on: AnnotatedImage(ramp(8, 8)))
    }
    #expect(try replay(text).image == ramp(8, 8))
    #expect(throws: AugmentationError.self) {
      try replay(text.replacing("\"\(name)\": 1", with: "\"\(name)\": 0"))
    }
  }

  @Test("A record of an unknown operation or of nonsense is an error")
  func nonsense() throws {
    let texts = [
      #"[{"operation": "Rotat", "options": {}, "drawn": {"degrees": 1}}]"#,
      #"[{"operation": "Rotate", "options": {"limit": "x"}, "drawn": {"degrees": 1}}]"#,
      #"[{"operation": "Rotate", "options": {}, "drawn": {"angle": 1}}]"#,
    ]
    for text in texts {
      let operations = try JSONDecoder().decode([AppliedOperation].self, from: Data(text.utf8))
      #expect(throws: RecipeError.self) {
        try AugmentationRecord(operations: operations).replay(on: AnnotatedImage(ramp(8, 8)))
      }
    }
  }
}
