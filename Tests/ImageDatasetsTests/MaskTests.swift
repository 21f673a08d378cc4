import Augmentation
import Foundation
import ImageDatasets
import Images
import TestSupport
import Testing

@Suite("Masks of augmented pictures")
struct MaskTests {
  private let width = 40, height = 30

  private func run(_ pipeline: Pipeline, mask: [UInt8], in root: String) throws -> [UInt8] {
    for folder in ["in", "masks"] {
      try FileManager.default.createDirectory(
        atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
    let picture = Image(width: width, height: height, channels: 3, repeating: 90)
    try ImageFile.write(picture, to: "\(root)/in/a.png")
    try Data(mask).write(to: URL(fileURLWithPath: "\(root)/masks/a.png"))
    var augmenter = FolderAugmenter(pipeline)
    augmenter.masks = "\(root)/masks"
    augmenter.previewFile = "\(root)/sheet.png"
    #expect(try augmenter.run(input: "\(root)/in", output: "\(root)/out").written == 1)
    return Array(try Data(contentsOf: URL(fileURLWithPath: "\(root)/out/masks/a.png")))
  }

  @Test("keep all of their 16 bits, of one channel and of three", arguments: [1, 3])
  func deep(channels: Int) throws {
    let levels = (0..<width * height * channels).map { UInt16($0 % 401 * 151) }
    let mask = DeepImage(width: width, height: height, channels: channels, samples: levels)
    let file = try PNG.encode(stored: .words(mask), palette: nil, name: "mask")
    try withTemporaryFolder { root in
      let flipped = try PNG.decodeStored(
        run(Pipeline { HorizontalFlip(probability: 1) }, mask: file, in: root), name: "flipped")
      #expect(flipped.pixels == .words(mask.applying(.mirrored)))
      let turned = try PNG.decodeStored(
        run(Pipeline { Rotate(limit: 20...20, probability: 1) }, mask: file, in: root),
        name: "turned")
      guard case .words(let image) = turned.pixels else {
        Issue.record("8 bits")
        return
      }
      let found = Set(image.samples)
      #expect(found.isSubset(of: Set(levels)), "no level that was not there")
      #expect(found.count > 256)
    }
  }

  /// Two pixels, 1 and 3, of a palette in which two colours stand twice.
  private static let paletteFile =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAMAAADD/I+4AAAADFBMVEUAAACAAA"
    + "AAAACAAACyiSxZAAAAC0lEQVR4nGNgZAYAAAgABZGD1pUAAAAASUVORK5CYII="

  @Test("keep the indices into a palette, and the palette")
  func palette() throws {
    let small = Array(try #require(Data(base64Encoded: Self.paletteFile)))
    let (pixels, palette) = try PNG.decodeStored(small, name: "small")
    #expect(pixels == .bytes(Image(width: 2, height: 1, channels: 1, samples: [1, 3])))
    let mask = Image(
      width: width, height: height, channels: 1,
      samples: (0..<width * height).map { UInt8($0 % 7 % 4) })
    let file = try PNG.encode(stored: .bytes(mask), palette: palette, name: "mask")
    #expect(try PNG.decode(file)[1, 0, 0] == 128, "a file of colours to everybody else")
    try withTemporaryFolder { root in
      let result = try PNG.decodeStored(
        run(Pipeline { HorizontalFlip(probability: 1) }, mask: file, in: root), name: "result")
      #expect(result.pixels == .bytes(mask.flippedHorizontally()))
      #expect(palette != nil && result.palette == palette)
    }
  }
}
