import Augmentation
import Foundation
import Images
import Tensors
import Testing

@Suite("What belongs to a picture moves along")
struct LabelTests {
  /// Operations that move pixels, on a picture of 60×44.
  private static let movers: [(String, any ImageOperation)] = [
    ("mirror", HorizontalFlip()), ("flip", VerticalFlip()), ("turn", RandomRotate90()),
    ("swap", Transpose()), ("resize", Resize(width: 91, height: 70, resampling: .nearest)),
    ("shorter", SmallestMaxSize(size: 66, resampling: .nearest)),
    ("longer", LongestMaxSize(size: 120, resampling: .nearest)),
    ("crop", RandomCrop(width: 50, height: 40)), ("middle", CenterCrop(width: 51, height: 33)),
    (
      "resized crop",
      RandomResizedCrop(width: 80, height: 80, scale: 0.5...1, resampling: .nearest)
    ),
    ("pad", PadIfNeeded(width: 71, height: 71)),
    ("rotate", Rotate(limit: -180...180, interpolation: .nearest)),
    (
      "affine",
      Affine(
        scale: 1...1.5, rotate: -30...30, shear: -10...10, translate: -0.1...0.1,
        interpolation: .nearest)
    ),
    ("perspective", Perspective(scale: 0.05...0.1, interpolation: .nearest)),
    (
      "elastic",
      ElasticTransform(amount: 0.1...0.3, cells: 3, border: .fill, interpolation: .nearest)
    ),
    ("grid", GridDistortion(limit: -0.3...0.3, interpolation: .nearest)),
  ]

  private static let background: UInt8 = 20, marked: UInt8 = 250

  /// A grey picture with a rectangle of another level.
  private func picture(_ part: PixelRectangle) -> Image {
    var image = Image(width: 60, height: 44, channels: 1, repeating: Self.background)
    for y in part.y..<part.y + part.height {
      for x in part.x..<part.x + part.width { image[x, y, 0] = Self.marked }
    }
    return image
  }

  private func places(in image: Image) -> [(x: Int, y: Int)] {
    (0..<image.height).flatMap { y in
      (0..<image.width).compactMap { image[$0, y, 0] == Self.marked ? ($0, y) : nil }
    }
  }

  @Test("A marked spot and its keypoint land together", arguments: 0..<16)
  func keypoints(number: Int) throws {
    let (name, operation) = Self.movers[number]
    var random = SeededRandom(seed: 5)
    var kept = 0
    for _ in 0..<25 {
      // Of 3×3 pixels at least one is found again, whatever the distortion.
      let x = 1 + random.integer(below: 58), y = 1 + random.integer(below: 42)
      let spot = picture(PixelRectangle(x: x - 1, y: y - 1, width: 3, height: 3))
      let before = AnnotatedImage(
        spot, masks: [spot], keypoints: [Keypoint(x: Double(x), y: Double(y))])
      let after = try operation.apply(to: before, using: &random)
      #expect(after.masks[0] == after.image, "\(name): the mask moves as the picture does")
      guard let point = after.keypoints.first else { continue }
      let found = places(in: after.image)
      // A spot at the border may be cut off, and its middle says nothing.
      let isWhole = found.allSatisfy { x, y in
        x > 0 && y > 0 && x < after.size.width - 1 && y < after.size.height - 1
      }
      guard !found.isEmpty, isWhole else { continue }
      kept += 1
      let meanX = found.reduce(0.0) { $0 + Double($1.x) } / Double(found.count)
      let meanY = found.reduce(0.0) { $0 + Double($1.y) } / Double(found.count)
      // Pixels of the result lie up to half of one from where the spot's middle would be, and
      // distortion makes one side of the spot larger than the other.
      #expect(abs(meanX - point.x) < 1.6 && abs(meanY - point.y) < 1.6, "\(name) at \(x), \(y)")
    }
    #expect(kept > 8, "\(name)")
  }

  @Test("A box round a painted rectangle stays round it", arguments: 0..<16)
  func boxes(number: Int) throws {
    let (name, operation) = Self.movers[number]
    var random = SeededRandom(seed: 6)
    for _ in 0..<15 {
      let part = PixelRectangle(
        x: random.integer(below: 40), y: random.integer(below: 25),
        width: 8 + random.integer(below: 12), height: 8 + random.integer(below: 11))
      let box = Box(
        left: Double(part.x), top: Double(part.y), right: Double(part.x + part.width),
        bottom: Double(part.y + part.height), tag: 3)
      let before = AnnotatedImage(picture(part), boxes: [box])
      let after = try operation.apply(to: before, using: &random)
      let found = places(in: after.image)
      guard let moved = after.boxes.first else {
        #expect(found.count < 4, "\(name): a box was lost over \(found.count) pixels")
        continue
      }
      #expect(moved.tag == 3 && moved.visibility > 0 && moved.visibility <= 1)
      for (x, y) in found {
        // The centre of a pixel of the rectangle lies in the box, to half a pixel of rounding.
        #expect(
          Double(x) + 0.5 > moved.left - 0.75 && Double(x) + 0.5 < moved.right + 0.75
            && Double(y) + 0.5 > moved.top - 0.75 && Double(y) + 0.5 < moved.bottom + 0.75,
          "\(name): \(x), \(y) outside \(moved)")
      }
    }
  }

  @Test(
    "An outline round a painted rectangle stays round it, and covers as much", arguments: 0..<16)
  func outlines(number: Int) throws {
    let (name, operation) = Self.movers[number]
    var random = SeededRandom(seed: 7)
    for _ in 0..<10 {
      let part = PixelRectangle(
        x: random.integer(below: 38), y: random.integer(below: 22), width: 20, height: 20)
      let right = Double(part.x + 20), bottom = Double(part.y + 20)
      let corners: [SIMD2<Double>] = [
        [Double(part.x), Double(part.y)], [right, Double(part.y)], [right, bottom],
        [Double(part.x), bottom],
      ]
      let before = AnnotatedImage(picture(part), outlines: [Outline(corners: corners, tag: 4)])
      let after = try operation.apply(to: before, using: &random)
      let found = places(in: after.image)
      guard let moved = after.outlines.first else {
        #expect(found.count < 8, "\(name): an outline was lost over \(found.count) pixels")
        continue
      }
      #expect(moved.tag == 4)
      #expect(
        moved.corners.allSatisfy {
          (0...Double(after.size.width)).contains($0.x)
            && (0...Double(after.size.height)).contains($0.y)
        }, "\(name): \(moved)")
      // Pixels at its sides are in or out as their centres are.
      let sides = moved.corners.reduce((low: moved.corners[0], high: moved.corners[0])) {
        ([min($0.low.x, $1.x), min($0.low.y, $1.y)], [max($0.high.x, $1.x), max($0.high.y, $1.y)])
      }
      let around = 2 * (sides.high - sides.low).sum()
      #expect(abs(moved.area - Double(found.count)) < 0.8 * around + 4, "\(name): \(moved.area)")
    }
  }

  @Test("An outline is cut where it leaves the picture, and goes when all of it does")
  func cutOutlines() throws {
    let diamond = Outline(corners: [[30, -10], [50, 10], [30, 30], [10, 10]])
    let before = AnnotatedImage(
      picture(.init(x: 0, y: 0, width: 1, height: 1)),
      outlines: [diamond, Outline(corners: [[70, 5], [80, 5], [80, 9]])])
    var random = SeededRandom(seed: 1)
    let after = try HorizontalFlip().apply(
      to: Pipeline([]).apply(to: before, key: .init(seed: 1)), using: &random)
    #expect(after.outlines.count == 1)
    // A quarter of the diamond's 800 pixels, the corner above the picture, is cut off.
    #expect(after.outlines[0].area == 700)
  }

  @Test("Turns, flips and crops move boxes exactly")
  func exactBoxes() throws {
    var random = SeededRandom(seed: 1)
    let box = Box(left: 10, top: 4, right: 30, bottom: 20)
    let before = AnnotatedImage(picture(.init(x: 0, y: 0, width: 1, height: 1)), boxes: [box])
    func edges(_ operation: any ImageOperation) throws -> [Double] {
      let box = try #require(try operation.apply(to: before, using: &random).boxes.first)
      return [box.left, box.top, box.right, box.bottom]
    }
    #expect(try edges(HorizontalFlip()) == [30, 4, 50, 20])
    #expect(try edges(VerticalFlip()) == [10, 24, 30, 40])
    #expect(try edges(Transpose()) == [4, 10, 20, 30])
    #expect(try edges(CenterCrop(width: 30, height: 22)) == [0, 0, 15, 9])
    #expect(try edges(PadIfNeeded(width: 64, height: 50)) == [12, 7, 32, 23])
    #expect(try edges(Resize(width: 120, height: 22)) == [20, 2, 60, 10])
  }

  @Test("A crop lessens the visibility, and what a crop took does not come back by padding")
  func visibility() throws {
    let pipeline = Pipeline {
      CenterCrop(width: 30, height: 44)
      PadIfNeeded(width: 60, height: 44)
    }
    let picture = AnnotatedImage(
      picture(.init(x: 0, y: 0, width: 1, height: 1)),
      boxes: [
        Box(left: 5, top: 0, right: 25, bottom: 10, tag: 1),
        Box(left: 0, top: 0, right: 14, bottom: 9, tag: 2),
      ])
    let boxes = try pipeline.apply(to: picture, key: .init(seed: 1)).boxes
    #expect(boxes.map(\.tag) == [1])
    #expect(boxes[0].visibility == 0.5 && boxes[0].left == 15 && boxes[0].right == 25)
    var strict = pipeline
    strict.boxRules.minimumVisibility = 0.51
    #expect(try strict.apply(to: picture, key: .init(seed: 1)).boxes.isEmpty)
  }

  @Test("Dropout takes keypoints under it, and counts covered area once")
  func dropout() throws {
    let text = #"{"holes": [[0, 0, 0.5, 0.5], [0.25, 0, 0.25, 0.5]]}"#
    let drawn = try JSONDecoder().decode(CoarseDropout.Drawn.self, from: Data(text.utf8))
    var result = AnnotatedImage(
      Image(width: 40, height: 40, channels: 3, repeating: 9),
      boxes: [Box(left: 0, top: 0, right: 40, bottom: 20)],
      keypoints: [Keypoint(x: 19, y: 19, tag: 1), Keypoint(x: 20, y: 20, tag: 2)])
    CoarseDropout().apply(drawn, to: &result)
    #expect(result.keypoints.map(\.tag) == [2])
    #expect(result.boxes[0].visibility == 0.5)
    #expect(result.image[19, 19, 0] == 0 && result.image[20, 19, 0] == 9)
  }

  @Test("Operations on colours leave labels alone and keep the size")
  func colors() throws {
    var random = SeededRandom(seed: 9)
    let operations: [any ImageOperation] = [
      RandomBrightnessContrast(), ColorJitter(), HueSaturationValue(), RandomGamma(), ToGray(),
      CLAHE(), Equalize(), Posterize(), Solarize(), GaussianBlur(), MotionBlur(), GaussNoise(),
      ISONoise(), ImageCompression(), Downscale(), Sharpen(), ChannelShuffle(), Normalize(),
    ]
    for channels in 1...4 {
      let image = ramp(37, 23, channels: channels)
      let before = AnnotatedImage(
        image, masks: [ramp(37, 23, channels: 1)],
        boxes: [.init(left: 1, top: 2, right: 9, bottom: 8)],
        keypoints: [.init(x: 4, y: 5)])
      for operation in operations {
        let after = try operation.apply(to: before, using: &random)
        #expect(after.masks == before.masks && after.boxes == before.boxes)
        #expect(after.keypoints == before.keypoints && after.image.channels == channels)
        if image.hasAlpha, !(operation is GaussianBlur), !(operation is MotionBlur),
          !(operation is Downscale)
        {
          let alphas = stride(from: channels - 1, to: image.samples.count, by: channels)
          #expect(
            alphas.allSatisfy { after.image.samples[$0] == image.samples[$0] },
            "\(type(of: operation).name) keeps alpha")
        }
      }
    }
  }
}
