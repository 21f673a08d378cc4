import Testing
import Training

@Suite("The plan of a run")
struct TrainingPlanTests {
  @Test("epochs are flat, then fall to nearly nothing, as in the reference")
  func epochs() {
    let plan = TrainingPlan(
      length: .epochs(flat: 2, decaying: 3), schedule: .flatThenLinear, stepsPerEpoch: 10)
    #expect(plan.totalSteps == 50 && plan.epochs == 5)
    #expect((1...20).allSatisfy { plan.factor(step: $0) == 1 })
    #expect((21...30).allSatisfy { plan.factor(step: $0) == 0.75 })
    #expect((41...50).allSatisfy { plan.factor(step: $0) == 0.25 })
    #expect(plan.epoch(ofStep: 10) == 1 && plan.epoch(ofStep: 11) == 2)
  }

  @Test("steps are flat in the first half and fall step by step in the second")
  func steps() {
    let plan = TrainingPlan(length: .steps(7), schedule: .flatThenLinear, stepsPerEpoch: 3)
    #expect(plan.totalSteps == 7 && plan.epochs == 3)
    #expect((1...7).map { plan.factor(step: $0) } == [1, 1, 1, 1, 0.75, 0.5, 0.25])
  }

  @Test("other schedules span the whole run")
  func otherSchedules() {
    let cosine = TrainingPlan(length: .steps(10), schedule: .cosine, stepsPerEpoch: 3)
    #expect(cosine.factor(step: 1) == 1 && cosine.factor(step: 6) == 0.5)
    let constant = TrainingPlan(length: .steps(10), schedule: .constant, stepsPerEpoch: 3)
    #expect(constant.factor(step: 10) == 1)
  }

  @Test("a time becomes the steps that fit, with a little to spare")
  func time() {
    #expect(TrainingLength.fitting(seconds: 1000, secondsPerStep: 0.5) == .steps(1900))
    #expect(TrainingLength.fitting(seconds: 0.1, secondsPerStep: 5) == .steps(1))
    var options = TrainingOptions(
      preset: .quick, domainA: .init(name: "a", folder: "a"), domainB: .init(name: "b", folder: "b")
    )
    #expect(options.fitted(secondsPerStep: 1).length == options.length)
    options.length = .time(seconds: 100)
    #expect(options.fitted(secondsPerStep: 1).length == .steps(95))
  }
}
