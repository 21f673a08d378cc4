import ConvolutionCore
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Optimizers")
struct OptimizerTests {
  private static let backends: [any Backend] = [ReferenceBackend(), CPUBackend(threads: 2)]

  /// A weight with its Adam, and steps with the gradients 1, 2, 3, ….
  private struct Training {
    let weight = Parameter([3], role: .weight)
    let adam: Adam

    init() { adam = Adam([NamedParameter("w", weight)], .init(), on: ReferenceBackend()) }

    func step(_ gradient: Float) {
      weight.gradient = Tensor(repeating: gradient, [3])
      adam.step(learningRate: 0.1)
    }
  }

  @Test("Adam's steps are PyTorch's", arguments: backends)
  func goldens(backend: any Backend) throws {
    let golden = try Goldens.load("adam")
    let example = try golden.cases(AdamCase.self)[0]
    let start = try golden.tensor(example.name, "weights")
    let weight = Parameter(start.shape, role: .weight)
    weight.value = start
    let adam = Adam(
      [NamedParameter("weight", weight)],
      Adam.Options(beta1: example.beta1, beta2: example.beta2, epsilon: example.epsilon),
      on: backend)
    for step in 0..<example.steps {
      weight.gradient = try golden.tensor(example.name, "gradient\(step)")
      adam.step(learningRate: example.learningRate)
      try requireClose(
        weight.value, golden.tensor(example.name, "weights\(step)"),
        .relative(1e-6, because: "float32 moments; \(Goldens.remedy)"), "step \(step)")
      #expect(weight.gradient == nil)
    }
  }

  @Test("A restored state continues as if nothing had been")
  func state() {
    let whole = Training(), first = Training(), second = Training()
    for step in 1...4 { whole.step(Float(step)) }
    for step in 1...2 { first.step(Float(step)) }
    second.weight.value = first.weight.value
    second.adam.state = first.adam.state
    for step in 3...4 { second.step(Float(step)) }
    #expect(second.weight.value == whole.weight.value)
    #expect(second.adam.state.steps == 4)
  }

  @Test("RMSProp divides by the root of the running mean of squares", arguments: backends)
  func rmsProp(backend: any Backend) throws {
    let weight = Parameter([2], role: .weight)
    let optimizer = RMSProp([NamedParameter("w", weight)], on: backend)
    var expected = [0.0, 0.0], squares = [0.0, 0.0]
    for gradient in [[2.0, -3], [0.5, 4], [-1, 0]] {
      weight.gradient = Tensor([2], gradient.map { Float($0) })
      optimizer.step(learningRate: 0.1)
      for index in 0..<2 {
        squares[index] = 0.99 * squares[index] + 0.01 * gradient[index] * gradient[index]
        expected[index] -= 0.1 * gradient[index] / (squares[index].squareRoot() + 1e-8)
      }
      try requireClose(
        weight.value, Tensor([2], expected.map { Float($0) }),
        .relative(1e-6, because: "float32 moments"))
    }
    #expect(optimizer.state.steps == 3)
    let other = RMSProp([NamedParameter("w", weight)], on: backend)
    other.state = optimizer.state
    #expect(other.state.moments == optimizer.state.moments)
  }

  @Test("Clipping moves what lies outside to the ends", arguments: backends)
  func clipping(backend: any Backend) {
    var x = Tensor([4], [-3, -0.5, 0.25, 2])
    let shared = x
    backend.clip(&x, to: 0.5)
    #expect(x.values == [-0.5, -0.5, 0.25, 0.5])
    #expect(shared.values == [-3, -0.5, 0.25, 2])
  }

  @Test("Weights are changed where they are, unless somebody else refers to them")
  func inPlace() {
    let training = Training()
    training.step(1)
    let place = training.weight.value.pointer
    let moments = training.adam.state.moments.mapValues { $0.mapValues(\.values) }
    training.step(2)
    #expect(training.weight.value.pointer == place)
    #expect(training.adam.state.moments.mapValues { $0.mapValues(\.values) } != moments)
    let kept = training.weight.value, numbers = kept.values
    training.step(3)
    #expect(kept.values == numbers && training.weight.value.values != numbers)
    #expect(kept.pointer == place && training.weight.value.pointer != place)
  }

  @Test("Parameters without a gradient stay")
  func idle() {
    let training = Training()
    training.adam.step(learningRate: 0.1)
    #expect(training.weight.value == Tensor(zeros: [3]))
  }

  @Test("A parameter under two names moves once, and others as ever")
  func shared() {
    let shared = Parameter([2], role: .weight), other = Parameter([3], role: .weight)
    let adam = Adam(
      [NamedParameter("a", shared), NamedParameter("b", shared), NamedParameter("c", other)],
      .init(), on: ReferenceBackend())
    (shared.gradient, other.gradient) = (Tensor([2], [1, 1]), Tensor([3], [-1, -1, -1]))
    adam.step(learningRate: 0.25)
    #expect(shared.value.values.allSatisfy { abs($0 + 0.25) < 1e-6 } && shared.value.count == 2)
    #expect(other.value.values.allSatisfy { abs($0 - 0.25) < 1e-6 } && other.value.count == 3)
    #expect(adam.state.moments["second"]?["c"]?.shape == [3])
  }

  @Test("The flat-then-linear schedule is the reference's")
  func flatThenLinear() {
    let schedule = LearningRateSchedule.flatThenLinear(flat: 100, decay: 100)
    #expect(schedule.factor(epoch: 1) == 1)
    #expect(schedule.factor(epoch: 100) == 1)
    #expect(schedule.factor(epoch: 101) == 1 - 1 / 101.0)
    #expect(schedule.factor(epoch: 200) == 1 - 100 / 101.0)
    #expect(schedule.factor(epoch: 999) == 0)
  }

  @Test("The cosine falls from one to zero, half way at the middle")
  func cosine() {
    let schedule = LearningRateSchedule.cosine(epochs: 10)
    #expect(schedule.factor(epoch: 1) == 1)
    #expect(abs(schedule.factor(epoch: 6) - 0.5) < 1e-12)
    #expect(schedule.factor(epoch: 11) == 0)
    #expect(LearningRateSchedule.constant.factor(epoch: 7) == 1)
  }

  @Test("The running mean forgets its beginning and follows the values")
  func weightAverage() {
    let source = Conv2D(inputChannels: 1, outputChannels: 2, kernel: 1)
    let twin = Conv2D(inputChannels: 1, outputChannels: 2, kernel: 1)
    source.weight.value = Tensor(repeating: 8, source.weight.shape)
    let average = WeightAverage(of: source, in: twin, over: 4)
    average.begin()
    #expect(twin.weight.value == source.weight.value)

    // Early steps count for more than 1 / 4: 1 − 2/11, then 1 − 3/12; from step 27 on, 1 / 4.
    source.weight.value = Tensor(repeating: 0, source.weight.shape)
    average.update(step: 1, on: ReferenceBackend())
    #expect(abs(twin.weight.value[0] - 8 * 2 / 11) < 1e-6)
    average.update(step: 2, on: ReferenceBackend())
    #expect(abs(twin.weight.value[0] - 8 * 2 / 11 * 3 / 12) < 1e-6)
    let before = twin.weight.value[1]
    average.update(step: 1000, on: ReferenceBackend())
    #expect(abs(twin.weight.value[1] - before * 3 / 4) < 1e-6)
    #expect(source.weight.value[0] == 0)
  }
}
