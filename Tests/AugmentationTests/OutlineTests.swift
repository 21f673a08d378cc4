import Augmentation
import Foundation
import Images
import Tensors
import Testing

@Suite("Outlines and the pixels in them")
struct OutlineTests {
  private static let movers: [any ImageOperation] = [
    HorizontalFlip(), VerticalFlip(), RandomRotate90(), Transpose(),
    Resize(width: 300, height: 200), SmallestMaxSize(size: 220), LongestMaxSize(size: 300),
    RandomCrop(width: 200, height: 150), CenterCrop(width: 200, height: 150),
    RandomResizedCrop(width: 200, height: 200, scale: 0.5...1),
    PadIfNeeded(width: 260, height: 260), Rotate(limit: -180...180),
    Affine(scale: 1...1.5, rotate: -30...30, shear: -10...10, translate: -0.1...0.1),
    Perspective(scale: 0.05...0.24), ElasticTransform(amount: 0.3...0.35, cells: 3, border: .fill),
    GridDistortion(limit: -0.6...0.6),
  ]

  /// The pixels whose centres lie in a polygon.
  private func painted(_ corners: [SIMD2<Double>], width: Int, height: Int) -> Image {
    var image = Image(width: width, height: height, channels: 1)
    for y in 0..<height {
      let middle = Double(y) + 0.5
      let crossings = zip(corners, corners.dropFirst() + corners.prefix(1)).compactMap {
        ($0.y > middle) == ($1.y > middle)
          ? nil : $0.x + (middle - $0.y) / ($1.y - $0.y) * ($1.x - $0.x)
      }
      for x in 0..<width where crossings.count(where: { $0 < Double(x) + 0.5 }) % 2 == 1 {
        image[x, y, 0] = 255
      }
    }
    return image
  }

  @Test("lie where a mask of them lies, by any operation that moves them", arguments: 0..<16)
  func masks(number: Int) throws {
    let operation = Self.movers[number],
      corners: [SIMD2<Double>] = [
        [30, 20], [210, 60], [150, 150], [100, 90], [60, 130],
      ]
    let mask = painted(corners, width: 240, height: 176)
    var random = SeededRandom(seed: 11)
    for _ in 0..<8 {
      let before = AnnotatedImage(
        Image(width: 240, height: 176, channels: 1), masks: [mask],
        outlines: [Outline(corners: corners)])
      let after = try operation.apply(to: before, using: &random)
      let outline = try #require(after.outlines.first)
      let drawn = painted(outline.corners, width: after.size.width, height: after.size.height)
      let pairs = zip(drawn.samples, after.masks[0].samples)
      let both = pairs.count { $0 > 0 && $1 > 0 }, any = pairs.count { $0 > 0 || $1 > 0 }
      // Pixels along the sides are in or out as half a pixel decides.
      #expect(Double(both) > 0.97 * Double(any), "\(type(of: operation).name): \(both) of \(any)")
    }
  }

  @Test("are dropped when holes leave nothing of them, each with its own part, and not before")
  func covered() throws {
    let text = #"{"holes": [[0, 0, 0.5, 1], [0.5, 0, 0.5, 0.5], [0.25, 0, 0.5, 0.5]]}"#
    let drawn = try JSONDecoder().decode(CoarseDropout.Drawn.self, from: Data(text.utf8))
    let corner: [SIMD2<Double>] = [[2, 2], [35, 2], [2, 35]]
    var result = AnnotatedImage(
      Image(width: 40, height: 40, channels: 1),
      outlines: [
        Outline(corners: corner, tag: 1), Outline(corners: corner.reversed(), tag: 2),
        Outline(corners: [[2, 2], [38, 2], [38, 38]], tag: 3),
        // Its two halves lie in a hole and beside it.
        Outline(corners: [[5, 15], [35, 35], [35, 15], [5, 30]], tag: 4),
      ])
    CoarseDropout().apply(drawn, to: &result)
    #expect(result.outlines.map(\.tag) == [3, 4])
    CoarseDropout().apply(try whole(), to: &result)
    #expect(result.outlines.isEmpty)
  }

  private func whole() throws -> CoarseDropout.Drawn {
    try JSONDecoder().decode(
      CoarseDropout.Drawn.self, from: Data(#"{"holes": [[0, 0, 1, 1]]}"#.utf8))
  }
}
