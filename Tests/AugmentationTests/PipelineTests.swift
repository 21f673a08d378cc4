import Augmentation
import Images
import Testing

/// A picture whose every pixel has a level of its own, as far as 256 levels go.
func ramp(_ width: Int, _ height: Int, channels: Int = 3) -> Image {
  Image(
    width: width, height: height, channels: channels,
    samples: (0..<width * height * channels).map { UInt8($0 * 7 % 256) })
}

@Suite("Pipelines")
struct PipelineTests {
  @Test("A folder that an operation lacks is an error before the first picture")
  func preparation() {
    let folder = "no/such/folder"
    let operations: [any ImageOperation] = [
      Mixup(folder: folder), CutMix(folder: folder), HistogramMatching(folder: folder),
      FourierDomainAdaptation(folder: folder),
    ]
    for operation in operations {
      #expect(throws: AugmentationError.self, "\(operation)") {
        try Pipeline([operation]).prepare()
      }
    }
  }

  private let pipeline = Pipeline([
    Resize(width: 20, height: 18), RandomCrop(width: 9, height: 8), HorizontalFlip(),
    ColorJitter(),
  ])

  private func outcome(seed: UInt64 = 3, epoch: Int = 0, index: Int = 0, stream: String = "")
    throws -> Image
  {
    try pipeline.apply(to: ramp(30, 24), seed: seed, epoch: epoch, index: index, stream: stream)
  }

  @Test("Equal keys give equal pictures, and each part of the key matters")
  func keys() throws {
    let picture = try outcome()
    #expect(try picture == outcome())
    #expect(picture.width == 9 && picture.height == 8)
    #expect(try picture != outcome(seed: 4))
    #expect(try picture != outcome(epoch: 1))
    #expect(try picture != outcome(index: 1))
    #expect(try picture != outcome(stream: "B"))
  }

  @Test("What an operation draws does not depend on the operations before it")
  func operationsAreIndependent() throws {
    // Both change nothing; the one draws eight numbers, the other none.
    let neutral = ColorJitter(brightness: 0, contrast: 0, saturation: 0, hue: 0)
    let crop = RandomCrop(width: 2, height: 2)
    for index in 0..<20 {
      let left = try Pipeline([neutral, crop]).apply(to: ramp(9, 9), seed: 1, index: index)
      let right = try Pipeline([HorizontalFlip(probability: 0), crop])
        .apply(to: ramp(9, 9), seed: 1, index: index)
      #expect(left == right, "index \(index)")
    }
  }

  @Test("A probability is how often an operation is applied")
  func probabilities() throws {
    func share(_ probability: Float) throws -> Float {
      let pipeline = Pipeline([HorizontalFlip(probability: probability)])
      let image = ramp(3, 1)
      let flips = try (0..<1000).filter {
        try pipeline.apply(to: image, seed: 2, index: $0) != image
      }
      return Float(flips.count) / 1000
    }
    #expect(try share(0) == 0)
    #expect(try share(1) == 1)
    // Five standard deviations of a share of 1000 throws.
    #expect(abs(try share(0.3) - 0.3) < 5 * 0.0145)
  }

  @Test("An empty pipeline changes nothing")
  func empty() throws {
    #expect(try Pipeline([]).apply(to: ramp(3, 2), seed: 1) == ramp(3, 2))
  }
}
