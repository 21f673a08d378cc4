import Augmentation
import Foundation
import Images
import Testing

/// Operations against what Pillow, OpenCV, albumentations and numpy made of the same pictures.
@Suite("Goldens of other libraries")
struct GoldenTests {
  /// A picture that an operation must give.
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let peer: String
    let source: String
    /// What comes from so many pixels along the borders is not compared: how a border is met
    /// differs.
    let margin: Int
    let applied: AppliedOperation

    var testDescription: String { "\(name), by \(peer)" }
  }

  private static let remedy = "Recorded by Scripts/record-augmentation-goldens.py."
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Goldens")

  static let goldens: [Golden] = {
    let text = (try? String(contentsOf: folder.appending(path: "goldens.json"), encoding: .utf8))
    // Where the folder of further pictures lies only the test knows.
    let placed = (text ?? "").replacing("\"reference\"", with: "\"\(folder.path)/reference\"")
    return (try? JSONDecoder().decode([Golden].self, from: Data(placed.utf8))) ?? []
  }()

  @Test("An operation agrees with the same one of another library to one level", arguments: goldens)
  func agrees(_ golden: Golden) throws {
    let record = AugmentationRecord(operations: [golden.applied])
    let result = try record.replay(on: AnnotatedImage(picture(golden.source))).image
    let expected = try picture(golden.name)
    try #require(result.width == expected.width && result.height == expected.height)
    try #require(result.channels == expected.channels)
    let compared = try inside(golden, record)
    var worst = 0, different = 0
    for y in 0..<result.height {
      for x in 0..<result.width where compared.map({ $0[x, y, 0] == 255 }) ?? true {
        for channel in 0..<result.channels {
          let difference = abs(Int(result[x, y, channel]) - Int(expected[x, y, channel]))
          worst = max(worst, difference)
          if difference > 1 { different += 1 }
        }
      }
    }
    #expect(worst <= 1, "\(different) samples differ by up to \(worst) levels. \(Self.remedy)")
  }

  @Test("The goldens hold every operation that another library defines in the same way")
  func complete() {
    let recorded = Set(Self.goldens.map(\.applied.operation))
    // The first three bend and spoil at random in ways of their own; a crop only chooses a place.
    let own: Set = ["ElasticTransform", "GaussNoise", "ISONoise", "RandomCrop"]
    let missing = OperationCatalog.standard.operations.map { $0.name }
      .filter { !recorded.contains($0) && !own.contains($0) }
    #expect(missing.isEmpty, "\(Self.remedy)")
  }

  /// White where no border has a part in the result; nil where all is compared.
  private func inside(_ golden: Golden, _ record: AugmentationRecord) throws -> Image? {
    if golden.margin == 0 { return nil }
    let source = try picture(golden.source), margin = golden.margin
    let white = Image(
      width: source.width - 2 * margin, height: source.height - 2 * margin, channels: 1,
      repeating: 255)
    let framed = white.padded(
      left: margin, top: margin, right: margin, bottom: margin, with: .constant(0))
    return try record.replay(on: AnnotatedImage(framed)).image
  }

  private func picture(_ name: String) throws -> Image {
    try ImageFile.read(Self.folder.appending(path: "\(name).png").path)
  }
}
