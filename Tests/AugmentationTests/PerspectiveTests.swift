import Augmentation
import Foundation
import Images
import Testing

@Suite("Perspective")
struct PerspectiveTests {
  private func replay(_ shift: Float, options: String = "{}") throws -> AnnotatedImage {
    let shifts = [shift, -shift, 0, -shift]
    let text =
      #"[{"operation": "Perspective", "options": \#(options),"#
      + #" "drawn": {"x": \#(shifts), "y": \#(shifts)}}]"#
    let operations = try JSONDecoder().decode([AppliedOperation].self, from: Data(text.utf8))
    return try AugmentationRecord(operations: operations).replay(
      on: AnnotatedImage(ramp(40, 30), keypoints: [.init(x: 20, y: 15)]))
  }

  @Test("folds nothing, as far as corners may move")
  func folds() throws {
    let drawn = try JSONDecoder().decode(
      Perspective.Drawn.self,
      from: Data(#"{"x": [0.24, -0.24, 0, -0.24], "y": [0.24, -0.24, 0, -0.24]}"#.utf8))
    let map = try Perspective(scale: 0...0.24).map(drawn, for: PixelSize(width: 40, height: 30))
    for x in 0..<40 {
      for y in 0..<30 {
        let place = SIMD2(Double(x), Double(y)), start = map.point(place)
        let right = map.point(place + [1, 0]) - start, down = map.point(place + [0, 1]) - start
        #expect(right.x * down.y > right.y * down.x, "\(x), \(y)")
      }
    }
  }

  @Test("of a record that folds the picture is an error", arguments: [0.25, 0.3, 1e30] as [Float])
  func records(shift: Float) throws {
    #expect(try replay(0.24).keypoints.count == 1)
    #expect(throws: AugmentationError.self) { try replay(shift) }
    #expect(throws: AugmentationError.self) { try replay(-shift) }
    #expect(throws: RecipeError.self) { try replay(0.1, options: #"{"scale": [0.3, 0.4]}"#) }
  }
}
