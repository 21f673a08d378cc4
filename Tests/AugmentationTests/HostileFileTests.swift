import Augmentation
import Foundation
import Images
import TestSupport
import Testing

@Suite("Hostile recipes and records")
struct HostileFileTests {
  private static let picture = AnnotatedImage(
    ramp(23, 17), masks: [ramp(23, 17, channels: 1)],
    boxes: [.init(left: 5, top: 6, right: 20, bottom: 14)], keypoints: [.init(x: 9, y: 9)],
    outlines: [.init(corners: [[1, 1], [15, 3], [8, 12]])])

  /// Every operation that needs no other files, with all its options.
  private static let operations = OperationCatalog.standard.operations.filter { type in
    !["HistogramMatching", "FDA", "Mixup", "CutMix"].contains(type.name)
  }

  /// A recipe for each operation, with all its options.
  private static let recipes: [[UInt8]] = OperationCatalog.standard.help.filter { help in
    operations.contains { $0.name == help.name }
  }.map { help in
    let options = help.options.map { option -> String in
      let isProbability = option.name == "probability"
      return "\(option.name): \(isProbability ? "1" : option.standard ?? "9")"
    }
    return Array(
      """
      boxes: {minimumArea: 4, minimumVisibility: 0.1}
      operations:
        - \(help.name): {\(options.joined(separator: ", "))}
        - SomeOf: {count: [0, 2], operations: [HorizontalFlip, Transpose]}
      """.utf8)
  }

  @Test("What is not a number is an error of the recipe")
  func notANumber() {
    let error = #expect(throws: RecipeError.self) { try Recipe.read("- Rotate: {limit: .nan}") }
    #expect(error?.description.contains("limit is not a number and must be") == true)
    let infinite = #expect(throws: RecipeError.self) { try Recipe.read("- Rotate: {limit: .inf}") }
    #expect(infinite?.description.contains("limit is infinite and must be") == true)
    #expect(throws: RecipeError.self) { try Recipe.read("- Solarize: {threshold: .nan}") }
  }

  @Test("The least whole number is written as any other")
  func leastNumber() throws {
    let least = OptionValue.number(Double(Int.min))
    #expect(least.text == "-9.223372036854775e+18" || least.text == "-9.223372036854776e+18")
    #expect(try JSONDecoder().decode(OptionValue.self, from: JSONEncoder().encode(least)) == least)
  }

  @Test("Huge hues of a forged record are whole turns and the rest")
  func hugeHues() throws {
    func turned(_ degrees: String) throws -> Image {
      let json = #"{"hue": \#(degrees), "saturation": 0, "value": 0}"#
      let drawn = try JSONDecoder().decode(HueSaturationValue.Drawn.self, from: Data(json.utf8))
      return HueSaturationValue().changed(ramp(9, 5), by: drawn)
    }
    #expect(try turned("\(90 + 360 * 64)") == turned("90"))
    // Of a number so large no part of a turn is known.
    for huge in ["3e38", "-3e38"] { #expect(try turned(huge).width == 9) }
  }

  @Test("A result larger than any picture is refused before memory is asked for")
  func hugeResults() {
    let operations: [any ImageOperation] = [
      Resize(width: 65_500, height: 65_500), PadIfNeeded(width: 65_500, height: 65_500),
      RandomResizedCrop(width: 65_500, height: 65_500),
    ]
    for operation in operations {
      #expect(throws: AugmentationError.self) {
        try Pipeline([operation]).apply(to: Self.picture, key: .init(seed: 1))
      }
    }
  }

  @Test("A recipe is applied, or is an error that names its file")
  func recipes() throws {
    let faults = Mutations.faults(1500, of: Self.recipes, "recipes", naming: "my.yaml") { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      let pipeline = try Recipe.read(text, file: "my.yaml")
      let size = pipeline.operations.count
      guard size < 50 else { return }
      // What cannot be done to a picture is no fault of the file.
      _ = try? pipeline.apply(to: Self.picture, key: .init(seed: 1))
    }
    #expect(faults.isEmpty, "\(faults.prefix(5))")
  }

  @Test("A record is done again, or is an error")
  func records() throws {
    let sound = try Self.recipes.map { recipe in
      let pipeline = try Recipe.read(String(decoding: recipe, as: UTF8.self))
      let record = try pipeline.applyRecording(to: Self.picture, key: .init(seed: 3)).record
      return Array(try JSONEncoder().encode(record))
    }
    let faults = Mutations.faults(3000, of: sound, "records", naming: nil) { bytes in
      let record = try JSONDecoder().decode(AugmentationRecord.self, from: Data(bytes))
      guard record.operations.count < 50 else { return }
      _ = try record.replay(on: Self.picture)
    }
    #expect(faults.isEmpty, "\(faults.prefix(5))")
  }
}
