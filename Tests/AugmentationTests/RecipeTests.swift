import Augmentation
import Tensors
import Testing

@Suite("Recipes")
struct RecipeTests {
  private let yaml = """
    boxes: {minimumVisibility: 0.3}
    operations:
      - HorizontalFlip
      - Rotate: {limit: 15, probability: 0.5, border: reflect}
      - OneOf:
          p: 0.9
          operations:
            - GaussianBlur: {sigma: [0.5, 2]}
            - GaussNoise
      - SomeOf:
          count: [1, 2]
          operations: [ToGray, Equalize, RandomRotate90]
    """

  private func outcome(_ pipeline: Pipeline, index: Int) throws -> AnnotatedImage {
    let picture = AnnotatedImage(
      ramp(24, 18), boxes: [Box(left: 3, top: 2, right: 15, bottom: 11)])
    return try pipeline.apply(to: picture, key: .init(seed: 3, index: index))
  }

  @Test("What is written in YAML or JSON is the same pipeline when read again")
  func roundTrips() throws {
    let pipelines = try [Recipe.read(yaml)] + Preset.allCases.map(\.pipeline)
    for pipeline in pipelines {
      let json = Recipe.json(pipeline), text = Recipe.yaml(pipeline)
      let fromJSON = try Recipe.read(json), fromYAML = try Recipe.read(text)
      #expect(Recipe.json(fromJSON) == json && Recipe.json(fromYAML) == json)
    }
    let written = try Recipe.read(Recipe.yaml(pipelines[0]))
    for index in 0..<20 {
      #expect(try outcome(written, index: index) == outcome(pipelines[0], index: index))
    }
  }

  @Test(
    "A faulty recipe is an error with its line and the remedy",
    arguments: [
      ("operations:\n  - HorizontalFlop", "line 2: unknown operation 'HorizontalFlop'"),
      ("- HorizontalFlop", "did you mean 'HorizontalFlip'?"),
      (
        "- ToGray\n- Rotate: {limt: 3}",
        "line 2: Rotate has no option 'limt': did you mean 'limit'?"
      ),
      ("- Rotate: {limit: 999}", "line 1: Rotate: limit is the number 999 and must be two numbers"),
      ("- Rotate:\n    limit: [5, -5]", "line 2: Rotate: limit is a list"),
      (
        "- ToGray: {probability: 2}", "probability is the number 2 and must be a number from 0 to 1"
      ),
      ("- RandomCrop: {width: 8}", "RandomCrop needs 'height'"),
      ("- OneOf: {probability: 1}", "OneOf needs 'operations'"),
      ("- SomeOf: {count: x, operations: [ToGray]}", "must be a whole number, or two"),
      ("- 7", "the number 7 where one operation with its options should stand"),
      ("operations: 3", "line 1: the number 3 where a list of operations should stand"),
      ("steps: []", "the recipe has no option 'steps'"), ("", "no operations"),
      ("a: [1,\n- b\n", "neither YAML nor JSON"), ("- ToGray\n- ToGray: {p: 1, p: 1}", "twice"),
      ("- ToGray: {p: 1, probability: 1}", "twice"),
      ("- OneOf: {probability: 1, p: 1, operations: [ToGray]}", "twice"),
      ("{\"operations\": [{\"Rotate\": {\"limit\": true}}]}", "limit is true and must be"),
      ("- FDA: {folder: 3}", "folder is the number 3 and must be a path"),
    ])
  func faults(text: String, words: String) {
    let error = #expect(throws: RecipeError.self) { try Recipe.read(text, file: "r.yaml") }
    #expect(error.map { "\($0)".contains(words) } == true, "\(String(describing: error))")
    #expect(error?.description.hasPrefix("r.yaml") == true)
  }

  @Test("An option without a value has the default that it has, in operations, groups and rules")
  func emptyValues() throws {
    let text = """
      boxes: {minimumArea: , minimumVisibility: 0.3}
      operations:
        - HorizontalFlip: {p: }
        - OneOf: {probability: , operations: [ToGray: {probability: }]}
      """
    let full = """
      boxes: {minimumVisibility: 0.3}
      operations: [HorizontalFlip, OneOf: {operations: [ToGray]}]
      """
    #expect(try Recipe.json(Recipe.read(text)) == Recipe.json(Recipe.read(full)))
  }

  @Test(
    "A mark before the text is no part of it, in either style",
    arguments: ["- ToGray\n- Equalize", "[ToGray]"])
  func byteOrderMark(text: String) throws {
    #expect(try Recipe.json(Recipe.read("\u{FEFF}" + text)) == Recipe.json(Recipe.read(text)))
  }

  @Test("Groups in groups and references to references end in an error")
  func excess() {
    let deep =
      String(repeating: "[{\"OneOf\": ", count: 60) + "3"
      + String(repeating: "}]", count: 60)
    #expect(throws: RecipeError.self) { try Recipe.read(deep) }
    #expect(throws: RecipeError.self) { try Recipe.read(String(repeating: "[", count: 100_000)) }
    var bomb = "a0: &a0 [ToGray, ToGray]\n"
    for level in 1..<40 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(throws: RecipeError.self) { try Recipe.read(bomb) }
  }

  @Test("Recipes with changed letters are read or refused, never more than that")
  func fuzz() {
    let letters = Array("{}[]:,-\"'&*!|>#%@ \n\tabz019.".utf8)
    let sources = [yaml, Recipe.yaml(Preset.light.pipeline), Recipe.json(Preset.strong.pipeline)]
    let picture = AnnotatedImage(
      ramp(9, 7), boxes: [Box(left: 1, top: 1, right: 5, bottom: 4)], keypoints: [.init(x: 3, y: 3)]
    )
    var random = SeededRandom(seed: 12), refused = 0
    for round in 0..<4000 {
      var bytes = Array(sources[round % 3].utf8)
      for _ in 0...random.integer(below: 4) {
        bytes[random.integer(below: bytes.count)] = letters[random.integer(below: letters.count)]
      }
      do throws(RecipeError) {
        let pipeline = try Recipe.read(String(decoding: bytes, as: UTF8.self))
        // What can be read can be done, unless the picture does not fit.
        if round % 8 == 0 { _ = try? pipeline.apply(to: picture, key: .init(seed: 1)) }
      } catch {
        refused += 1
        #expect(!error.description.isEmpty)
      }
    }
    #expect(refused > 1000, "most changes matter")
  }

  @Test("Every operation can be made by its defaults, and says what can be set")
  func catalog() throws {
    #expect(OperationCatalog.standard.help.count == 39)
    for help in OperationCatalog.standard.help {
      #expect(help.summary.hasSuffix(".") && help.options.last?.name == "probability")
      #expect(help.options.allSatisfy { !$0.help.isEmpty && !$0.domain.isEmpty })
    }
  }
}
