import Foundation
import TestSupport
import Testing

/// `cyclegan gan score`, of pictures and of points.
@Suite("The gan score command")
struct GANScoreCommandTests {
  private struct Report: Decodable {
    let samples: Int
    let labelAccuracy: Double?
    let covered: Int
    let judge: String
  }

  private func report(_ outcome: Program.Outcome) throws -> Report {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Report.self, from: Data(outcome.output.utf8))
  }

  @Test("real pictures score well; the judge is trained once and kept")
  func pictures() throws {
    try Workplace.with { place in
      let draw = ["dataset", "digits", "data", "--count", "300", "--test-count", "100"]
      #expect(try place.run(draw + ["--size", "16"]).status == 0)
      let score = [
        "gan", "score", "data/test", "data", "--size", "16", "--judge-steps", "40", "--threads",
        "1",
        "--json",
      ]
      let outcome = try place.run(score)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let first = try report(outcome)
      #expect(first.samples == 100 && first.covered == 10)
      #expect(first.labelAccuracy! > 0.6, "\(first.labelAccuracy!)")
      #expect(try place.files("Models/judges").count == 1)
      // A judge that is there is not trained again.
      let again = try report(try place.run(score + ["--judge-steps", "1"]))
      #expect(again.labelAccuracy == first.labelAccuracy && again.judge == first.judge)

      let report = try place.run("inspect", first.judge)
      #expect(report.output.contains("held-out") && report.output.contains("16×16"))
      let translated = try place.run("translate", "data/test/1", "out", "--model", first.judge)
      #expect(translated.status == 1 && translated.errors.contains("it is a classifier"))

      let words = try place.run(
        "gan", "score", "data/test/1", "data", "--size", "16", "--threads", "1")
      #expect(words.output.contains("Classes covered") && !words.output.contains("Carry"))
      #expect(words.errors.contains("held-out pictures"))

      let other = [
        "gan", "score", "data/test", "data/train", "--size", "16", "--judge", first.judge,
      ]
      let refusal = try place.run(other)
      #expect(refusal.status == 1 && refusal.errors.contains("learnt from other pictures"))
      let unlabelled = try place.run("gan", "score", "data/test/1", "data/test/1")
      #expect(unlabelled.status == 1 && unlabelled.errors.contains("has no labels"))
    }
  }

  @Test("points are counted, and drawn where asked for")
  func points() throws {
    try Workplace.with { place in
      try place.write(Array("x,y\n1.4142,0\n0,0\n0.01,-1.41\n".utf8), to: "points.csv")
      let outcome = try place.run("gan", "score", "points.csv", "ring", "--plot", "plot.png")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("2 of 8") && outcome.output.contains("66.7 %"))
      #expect(try place.picture("plot.png").width == 400)
      try place.write(Array("1,2,3\n".utf8), to: "bad.csv")
      let bad = try place.run("gan", "score", "bad.csv", "ring")
      #expect(bad.status == 64 && bad.errors.contains("bad.csv, line 1"))
      let mixed = try place.run("gan", "score", "points.csv", "digits")
      #expect(mixed.status == 64 && mixed.errors.contains("ring or grid"))
    }
  }
}
