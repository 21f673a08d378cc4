import Tensors
import TestSupport
import Testing

@Suite("Seeded tensors")
struct GoldenWeightsTests {
  @Test("They are, bit for bit, those that the script computes")
  func knownAnswer() throws {
    let golden = try Goldens.load("networks")
    let expected = try golden.tensor("known answer", "values")
    let values = goldenTensor(name: "known answer", shape: [3, 5], seed: golden.seed)
    #expect(values == expected, "\(Goldens.remedy)")
  }

  @Test(
    "Trajectories can be read",
    arguments: ["trajectory-lsgan", "trajectory-vanilla", "trajectory-wgangp"])
  func trajectories(name: String) throws {
    let golden = try Goldens.load(name)
    let run = try #require(try golden.cases(TrajectoryCase.self).first)
    #expect(try golden.tensor(name, "losses").shape == [run.steps, 8])
    #expect(run.losses.count == 8 && run.poolA.count == run.steps)
    #expect(run.alphas("A", step: 0).allSatisfy { (0..<1).contains($0) })
    for network in ["generatorAB.", "generatorBA.", "discriminatorA.", "discriminatorB."] {
      for (key, trained) in golden.parameters(name, network)
      where !run.inert.contains(network + key) {
        let initial = run.parameter(network + key, shape: trained.shape)
        let change = zip(trained.values, initial.values).map { abs($0 - $1) }.max() ?? 0
        let limit = Float(run.learningRate) * Float(run.steps) * 2
        #expect(change > 0 && change < limit, "\(network)\(key) moved by \(change)")
      }
    }
  }

  @Test("They spread evenly over their range")
  func spread() {
    let values = goldenTensor(name: "spread", shape: [100_000], seed: 3, scale: 1).values
    let mean = values.reduce(0, +) / 100_000
    let square = values.reduce(0) { $0 + $1 * $1 } / 100_000
    #expect(values.allSatisfy { (-1..<1).contains($0) })
    #expect(abs(mean) < 0.01 && abs(square - 1 / 3) < 0.01)
  }
}
