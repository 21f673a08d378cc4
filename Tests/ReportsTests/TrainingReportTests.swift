import GANs
import Reports
import Testing
import Training

/// Events of a run that is told, not trained.
private enum Story {
  static func options(_ preset: TrainingPreset) -> TrainingOptions {
    TrainingOptions(
      preset: preset, domainA: .init(name: "summer", folder: "s"),
      domainB: .init(name: "winter", folder: "w"))
  }

  static func plan(_ options: TrainingOptions) -> TrainingPlan {
    TrainingPlan(length: options.length, schedule: options.schedule, stepsPerEpoch: 1000)
  }

  static func start(stepsDone: Int) -> TrainingEvent {
    let options = options(.reference)
    return .started(
      TrainingStart(
        subject: .translation(options, pictureCounts: (1000, 900)), folder: "Models/x",
        parameterCounts: (11_378_179, 2_764_737), plan: plan(options), batch: 1,
        stepsDone: stepsDone, device: "CPU, AVX2, 2 threads"))
  }

  static func estimate(_ preset: TrainingPreset, secondsPerStep: Double) -> TrainingEstimate {
    let options = options(preset)
    return TrainingEstimate(
      options, plan: plan(options), secondsPerStep: secondsPerStep, stepsDone: 0)
  }

  static var losses: LossValues {
    var losses = CycleGANLosses()
    (losses.cycleA, losses.cycleB) = (1, 2)
    (losses.adversarialAB, losses.adversarialBA) = (0.25, 0.5)
    (losses.discriminatorA, losses.discriminatorB) = (0.125, 0.125)
    (losses.identityA, losses.identityB) = (10, 20)
    return LossValues(losses.named)
  }
}

@Suite("A training run, told")
struct TrainingReportTests {
  /// What a person reads while the events happen.
  private func shown(_ events: [TrainingEvent], isQuiet: Bool = false) -> String {
    var text = ""
    let write = { (more: String) in text += more }
    let console = TrainingConsole(isQuiet: isQuiet, write: write) { total, done in
      ProgressLine(
        total: total, unit: "steps", done: done, style: isQuiet ? .hidden : .plain(every: 0),
        clock: { 0 }, write: write)
    }
    for event in events { console.show(event) }
    return text
  }

  private let trouble = Trouble(
    .modeCollapse, step: 8, evidence: "samples vary by 3 %", remedy: "Turn a knob.")

  private var events: [TrainingEvent] {
    [
      Story.start(stepsDone: 7),
      .step(TrainingStep(step: 8, epoch: 1, losses: Story.losses, batch: 1)),
      .badPicture(file: "s/x.png", reason: "It is cut off."),
      .sampled(step: 8, path: "Models/x/samples/step-0000008.png"), .saved(step: 8),
      .trouble(trouble),
      .finished(step: 8, seconds: 7500),
    ]
  }

  @Test("a person reads what runs, how it goes and what went wrong")
  func words() {
    #expect(
      shown(events) == """
        summer: 1,000 pictures, winter: 900 pictures, crops of 256×256 from 286×286
        Generators: ResNet of 9 blocks, 64 filters, 11.4 million parameters each
        Run: 200,000 steps of 1, 200 epochs of 1000, in Models/x
        Going on after step 7
        0 %  8/200000 steps  cycle 1.50  fooling 0.375  judging 0.125  identity 15.0
        Skipped s/x.png: It is cut off.
        Step 8: samples in Models/x/samples/step-0000008.png
        Step 8: Mode collapse: samples vary by 3 %. Turn a knob.
        Trained 8 steps in 2 h 5 min.

        """)
  }

  @Test("a picture that was left out is named once")
  func skipped() {
    #expect(TrainingConsole.skipped("s/x.png", "s/x.png: cut off.") == "Skipped s/x.png: cut off.")
    #expect(TrainingConsole.skipped("s/x.png", "Cut off.") == "Skipped s/x.png: Cut off.")
  }

  @Test("who wants quiet reads only what went wrong")
  func quiet() {
    #expect(
      shown(events, isQuiet: true) == """
        Skipped s/x.png: It is cut off.
        Step 8: Mode collapse: samples vary by 3 %. Turn a knob.

        """)
  }

  @Test("a run of less than a day is only announced")
  func shortRun() {
    let lines = TrainingConsole.words(Story.estimate(.quick, secondsPerStep: 0.04))
    #expect(lines == ["40 ms a step on this machine: 13 min in all, 13 min left"])
  }

  @Test("a run of days comes with what could be run instead")
  func longRun() {
    let estimate = Story.estimate(.reference, secondsPerStep: 3.6)
    #expect(estimate.totalSeconds == 720_000)
    #expect(estimate.shorterPresets.map(\.preset) == [.laptop, .quick])
    // A quarter of the pixels, a quarter of the products a pixel, two thirds of the blocks, 0.6 of
    // the steps: about a fortieth, give or take the ends of the networks.
    #expect((10_000...30_000).contains(estimate.shorterPresets[0].seconds))
    let lines = TrainingConsole.words(estimate)
    #expect(lines.count == 2)
    #expect(lines[1].hasPrefix("That is over a day. "))
    for word in ["--preset laptop (", "--preset quick (", "--time 8h"] {
      #expect(lines[1].contains(word))
    }
  }

  @Test("a program reads lines of JSON, with keys in order")
  func json() {
    var losses = CycleGANLosses()
    losses.cycleA = 1.5
    let values = LossValues(losses.named)
    let report = TrainingReport(
      step: 50, epoch: 2, losses: values, learningRate: 0.5, stepsPerSecond: 4, seconds: 12.5)
    #expect(
      TrainingLine.json(.report(report)) == """
        {"epoch":2,"event":"report","learning_rate":0.5,"losses":{"adversarial_ab":0,\
        "adversarial_ba":0,"cycle_a":1.5,"cycle_b":0,"discriminator_a":0,"discriminator_b":0,\
        "identity_a":0,"identity_b":0},"seconds":12.5,"step":50,"steps_per_second":4}
        """)
    #expect(TrainingLine.json(.saved(step: 3)) == #"{"event":"saved","step":3}"#)
    #expect(
      TrainingLine.json(.badPicture(file: "a/b.png", reason: "x"))
        == #"{"event":"badPicture","file":"a/b.png","reason":"x"}"#)
    #expect(
      TrainingLine.json(.trouble(trouble)) == """
        {"event":"trouble","evidence":"samples vary by 3 %","kind":"modeCollapse",\
        "remedy":"Turn a knob.","step":8}
        """)
    let step = TrainingStep(step: 1, epoch: 1, losses: values, batch: 1)
    #expect(TrainingLine.json(.step(step)) == nil)
  }
}
