import CycleGANKit
import Foundation
import Testing

@Suite("cyclegan benchmark")
struct BenchmarkCommandTests {
  private static let small = ["benchmark", "--size", "24", "--filters", "4", "--blocks", "1"]

  @Test("prints a line of JSON for each measurement")
  func json() throws {
    try Workplace.with { place in
      let outcome = try place.run(
        Self.small + ["--repeats", "2", "--threads", "1", "--algorithm", "direct", "--json", "-q"])
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      let lines = try Self.lines(outcome.output)
      let cases = lines.map { $0["case"] as? String ?? "" }
      // Seven layers of a generator and five of a discriminator, each in four verbs.
      let layers = Array(repeating: "layers", count: 48)
      let augment = Array(repeating: "augment", count: Preset.strong.pipeline.operations.count)
      #expect(
        cases == ["inference", "training-step", "dcgan-step"] + layers + ["loader"] + augment)
      for line in lines.dropLast(augment.count) {
        let name = line["case"] as? String
        // DCGAN's step has a size of its own, and no residual blocks.
        let isDCGAN = name == "dcgan-step"
        for (key, value) in [
          "size": isDCGAN ? 64 : 24, "filters": 4, "blocks": isDCGAN ? 0 : 1, "threads": 1,
          "repeats": 2,
        ] {
          #expect(line[key] as? Int == value)
        }
        #expect(line["algorithm"] as? String == "direct")
        #expect(line["upsampling"] as? String == "transposed")
        #expect(Self.number(line, "min_ms") > 0)
        #expect(Self.number(line, "median_ms") >= Self.number(line, "min_ms"))
        #expect((Self.number(line, "pictures_per_second") > 1) == (name == "loader"))
        #expect((line["gflops"] != nil) == (name != "loader" && !isDCGAN))
        #expect((Self.number(line, "peak_gflops") > 0) == (name != "loader" && !isDCGAN))
        let isNetwork = name == "inference" || name == "training-step" || isDCGAN
        #expect((Self.number(line, "peak_memory_mb") > 1) == isNetwork)
      }
    }
  }

  @Test("prints tables of the cases asked for")
  func tables() throws {
    try Workplace.with { place in
      let outcome = try place.run(
        Self.small + [
          "--repeats", "1", "--case", "inference", "--case", "layers", "--instruction-set",
          "portable",
        ])
      let tables = outcome.output.split(separator: "\n\n").map { $0.split(separator: "\n") }
      #expect(tables.map(\.count) == [2, 49, 1])
      #expect(tables[0][0].hasPrefix("case") && tables[0][1].hasPrefix("inference"))
      #expect(tables[1][0].hasPrefix("layer"))
      #expect(tables[1][1].hasPrefix("generator 7×7 3→4"))
      #expect(outcome.errors.contains("1 block and 4 filters at 24×24"))
    }
  }

  @Test(
    "measures the networks' own layers",
    arguments: [GeneratorDescription.Upsampling.transposed, .nearest], [0, 2])
  func layers(upsampling: GeneratorDescription.Upsampling, blocks: Int) throws {
    try Workplace.with { place in
      let outcome = try place.run([
        "benchmark", "--case", "layers", "--size", "24", "--filters", "2", "--blocks", "\(blocks)",
        "--upsampling", upsampling.rawValue, "--repeats", "1", "--json", "-q",
      ])
      var measured: [[Int]: Int] = [:]
      for line in try Self.lines(outcome.output) where line["verb"] as? String == "forward" {
        measured[line["filter"] as? [Int] ?? [], default: 0] += line["uses"] as? Int ?? 0
      }
      let generator = GeneratorDescription(blocks: blocks, filters: 2, upsampling: upsampling)
      var expected: [[Int]: Int] = [:]
      for network in [generator.network(), DiscriminatorDescription(filters: 2).network()] {
        for parameter in network.parameters.map(\.parameter) where parameter.role == .weight {
          expected[parameter.shape.dimensions, default: 0] += 1
        }
      }
      #expect(measured == expected)
    }
  }

  @Test("augments by each operation of a recipe")
  func augment() throws {
    try Workplace.with { place in
      let recipe = "[{Rotate: {limit: 9}}, {OneOf: [ToGray, {RandomCrop: {width: 8, height: 8}}]}]"
      try place.write(Array(recipe.utf8), to: "r.yaml")
      let outcome = try place.run(
        Self.small + ["--case", "augment", "--recipe", "r.yaml", "--repeats", "1", "--json", "-q"])
      let lines = try Self.lines(outcome.output)
      #expect(lines.map { $0["operation"] as? String } == ["Rotate", "ToGray", "RandomCrop"])
      #expect(lines.allSatisfy { Self.number($0, "pictures_per_second") > 1 })
    }
  }

  @Test("loads a picture that it is given")
  func picture() throws {
    try Workplace.with { place in
      let options = ["--case", "loader", "--repeats", "1", "--json", "-q", "--picture", "lake.jpg"]
      try place.writePicture("lake.jpg", as: .jpeg)
      let outcome = try place.run(Self.small + options)
      #expect(try outcome.json()["pictures_per_second"] as? Double ?? 0 > 1)

      try place.write(Array("no picture".utf8), to: "lake.jpg")
      let failure = try place.run(Self.small + options)
      #expect(failure.status == 1 && failure.output.isEmpty && failure.errors.contains("lake.jpg"))
    }
  }

  private static func number(_ line: [String: Any], _ key: String) -> Double {
    line[key] as? Double ?? 0
  }

  private static func lines(_ output: String) throws -> [[String: Any]] {
    try output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
  }
}
