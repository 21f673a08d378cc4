import CycleGANKit
import Foundation
import Testing

@Suite("cyclegan benchmark")
struct BenchmarkCommandTests {
  private static let small = ["benchmark", "--size", "24", "--filters", "4", "--blocks", "1"]

  @Test("prints a line of JSON for each case")
  func json() throws {
    try Workplace.with { place in
      let outcome = try place.run(
        Self.small + ["--repeats", "2", "--threads", "1", "--algorithm", "direct", "--json", "-q"])
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      let lines = try Self.lines(outcome.output)
      #expect(lines.map { $0["case"] as? String } == ["inference", "training-step", "loader"])
      for line in lines {
        for (key, value) in ["size": 24, "filters": 4, "blocks": 1, "threads": 1, "repeats": 2] {
          #expect(line[key] as? Int == value)
        }
        #expect(line["algorithm"] as? String == "direct")
        #expect(line["upsampling"] as? String == "transposed")
        let least = line["min_ms"] as? Double ?? 0, median = line["median_ms"] as? Double ?? 0
        #expect(least > 0 && median >= least)
        let isNetwork = line["case"] as? String != "loader"
        #expect((line["peak_memory_mb"] as? Double ?? 0 > 1) == isNetwork)
        #expect((line["pictures_per_second"] as? Double ?? 0 > 1) == !isNetwork)
      }
    }
  }

  @Test("prints a table of the cases asked for")
  func table() throws {
    try Workplace.with { place in
      let outcome = try place.run(
        Self.small + [
          "--repeats", "1", "--case", "inference", "--instruction-set", "portable",
          "--upsampling", "nearest",
        ])
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.count == 2)
      #expect(lines.first?.hasPrefix("case") == true)
      #expect(lines.last?.hasPrefix("inference") == true)
      #expect(outcome.errors.contains("1 block and 4 filters at 24×24"))
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

  private static func lines(_ output: String) throws -> [[String: Any]] {
    try output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
  }
}
