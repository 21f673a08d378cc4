import Tensors
import Testing
import Training

@Suite("Troubles of adversarial training are noticed and named")
struct TroubleTests {
  private func feed(
    _ detector: OverpoweringDetector, steps: Int, loss: (Int) -> Float, gradient: Float? = nil
  ) -> [Trouble] {
    var detector = detector
    return (1...steps).compactMap {
      detector.note(step: $0, discriminatorLoss: loss($0), generatorGradient: gradient)
    }
  }

  private let overpowering = OverpoweringDetector(
    undecided: 0.25, remedy: "Turn a knob.", window: 50)

  @Test("A discriminator whose loss stays near zero overpowers; it is said once")
  func overpowers() throws {
    let troubles = feed(overpowering, steps: 400) { _ in 0.001 }
    #expect(troubles.map(\.kind) == [.overpoweringDiscriminator])
    #expect(
      troubles.first?.description == "Overpowering discriminator: over 50 steps the loss of the"
        + " discriminator was 0.001, where 0.25 is undecided. Turn a knob.")
    #expect(troubles.first?.step == 50)
  }

  @Test("A discriminator that recovers and wins again is named again")
  func overpowersAgain() {
    let troubles = feed(overpowering, steps: 300) { $0 <= 100 || $0 > 200 ? 0.001 : 0.2 }
    #expect(troubles.map(\.step) == [50, 250])
  }

  @Test("A low loss is enough where the generator's gradient vanishes with it")
  func vanishingGradient() {
    var detector = overpowering
    var troubles: [Trouble] = []
    for step in 1...200 {
      let trouble = detector.note(
        step: step, discriminatorLoss: 0.02, generatorGradient: step <= 100 ? 1 : 0.001)
      if let trouble { troubles.append(trouble) }
    }
    #expect(troubles.map(\.step) == [150])
    #expect(troubles[0].evidence.hasSuffix("the generator's gradient 0.001 of what it was"))
  }

  @Test("A discriminator that mostly wins, and now and then for sure, is healthy")
  func undecided() {
    let troubles = feed(
      overpowering, steps: 1000, loss: { $0 % 10 == 0 ? 0.2 : 0.001 }, gradient: 0.5)
    #expect(troubles.isEmpty)
  }

  @Test("Losses and weights that are no numbers, and weights that explode, are divergence")
  func divergence() {
    var detector = DivergenceDetector(remedy: "Turn a knob.")
    #expect(detector.note(step: 1, losses: [("a", 1e6), ("b", -3)]) == nil)
    #expect(detector.note(step: 2, losses: [("a", 1), ("b", .nan)])?.kind == .divergence)
    #expect(detector.note(step: 3, weights: [("g", 0.02), ("d", 0.3)]) == nil)
    #expect(detector.note(step: 4, weights: [("g", 0.3), ("d", 8)]) == nil)
    let trouble = detector.note(step: 5, weights: [("g", 0.7), ("d", 8)])
    #expect(trouble?.evidence == "weights of g have grown from 0.02 to 0.7")
    #expect(detector.note(step: 6, weights: [("g", 0.8), ("d", 8)]) == nil, "said once")
    #expect(detector.note(step: 7, weights: [("d", .infinity)])?.kind == .divergence)
  }

  private func noise(_ purpose: RandomPurpose, _ count: Int, scale: Float = 1) -> Tensor {
    var random = SeededRandom(seed: 1, purpose: purpose)
    return Tensor([count, 4, 4, 1]) { scale * random.normal() }
  }

  @Test("Samples that hardly vary are mode collapse, from the second look on")
  func collapse() {
    var detector = ModeCollapseDetector(data: noise("data", 32), remedy: "Turn a knob.")
    #expect(detector.note(step: 100, samples: noise("a", 32, scale: 0.1)) == nil, "too early")
    #expect(detector.note(step: 600, samples: noise("b", 32, scale: 0.1)) == nil, "once")
    let trouble = detector.note(step: 700, samples: noise("c", 32, scale: 0.1))
    #expect(trouble?.kind == .modeCollapse)
    #expect(trouble?.evidence.hasSuffix("of what the data do") == true)
  }

  @Test("A few samples again and again are mode collapse, however much these few differ")
  func fewModes() {
    var detector = ModeCollapseDetector(
      data: noise("data", 32), remedy: "Turn a knob.", patience: 1)
    let few = noise("few", 4).values
    let samples = Tensor([32, 4, 4, 1], (0..<8).flatMap { _ in few })
    let trouble = detector.note(step: 700, samples: samples)
    #expect(trouble?.evidence.hasPrefix("each sample has a fellow at 0 %") == true)
  }

  @Test("Samples as diverse as the data, or half so, are healthy")
  func diverse() {
    var detector = ModeCollapseDetector(data: noise("data", 32), remedy: "Turn a knob.")
    for step in stride(from: 500, to: 1000, by: 100) {
      let samples = noise("samples", 32, scale: step.isMultiple(of: 200) ? 1 : 0.5)
      #expect(detector.note(step: step, samples: samples) == nil)
    }
  }
}
