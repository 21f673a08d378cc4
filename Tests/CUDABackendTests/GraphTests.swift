import CUDABackend
import Checkpoints
import ConvolutionCore
import GANs
import Layers
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite("Works that are repeated as graphs, on a stand-in for an NVIDIA GPU")
struct GraphTests {
  /// A backend that launches kernel by kernel or repeats graphs, and what it notes.
  private struct Device {
    let backend: CUDABackend
    let notes = Notes()

    init(
      in folder: String, graphs: Bool, precision: CUDAPrecision = .float32,
      reusesMemory: Bool = false
    ) throws {
      let libraries = try StandInLibraries(in: "\(folder)/\(graphs)-\(reusesMemory)")
      var environment = libraries.environment
      if !graphs { environment["CYCLEGAN_CUDA_GRAPHS"] = "off" }
      let notes = notes
      backend = try CUDABackend(
        precision: precision, environment: environment, reusesMemory: reusesMemory,
        note: { notes.add($0) })
    }
  }

  private final class Notes: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    var all: [String] { lines.withLock(\.self) }
  }

  // MARK: Training steps

  /// All that can be seen of a step.
  private struct Outcome: Equatable {
    var losses: [Float] = []
    var pictures: [[Float]] = []
    var weights: [[Float]] = []
  }

  /// Eight steps of a small CycleGAN, and what can be seen of each.
  ///
  /// With pools, a falling learning rate, a copy of the weights held across one of them, and another
  /// size in between. Pictures are read a step late.
  private static func train(on backend: CUDABackend) -> [Outcome] {
    let networks = CycleGAN(
      generator: GeneratorDescription(blocks: 1, filters: 4),
      discriminator: DiscriminatorDescription(layers: 1, filters: 4))
    networks.initialize(seed: 1)
    let step = CycleGANStep(networks, CycleGANOptions(poolSize: 2), on: backend)
    let parameters = networks.generatorParameters + networks.discriminatorParameters
    var outcomes: [Outcome] = []
    var last: CycleGANStepResult?
    func readLast() {
      guard let made = last else { return }
      outcomes[outcomes.count - 1].pictures = [
        made.fakeA, made.fakeB, made.recoveredA, made.recoveredB,
      ].map(\.values)
    }
    for number in 0..<8 {
      let checkpoint = number == 4 ? parameters.map(\.parameter.value) : []
      // Its pools hold pictures of one size.
      if number == 5 || number == 6 { (step.poolA, step.poolB) = (.init(size: 2), .init(size: 2)) }
      let size = number == 5 ? 12 : 16
      var random = SeededRandom(seed: 3, index: number)
      let pictures = (0..<2).map { _ in
        Tensor([1, size, size, 3]) { random.uniform(in: -1...1) }
      }
      let result = step(
        realA: pictures[0], realB: pictures[1],
        chances: CycleGANChances(seed: 1, step: number, batch: 1, poolSize: 2),
        rateFactor: 1 / Double(1 + number))
      readLast()
      last = result
      if number == 4 { #expect(checkpoint.map(\.values) == outcomes[3].weights) }
      outcomes.append(
        Outcome(
          losses: result.losses.named.map(\.value),
          weights: parameters.map { $0.parameter.value.values }))
    }
    readLast()
    return outcomes
  }

  @Test(
    "Steps by graphs equal steps kernel by kernel, bit for bit", arguments: CUDAPrecision.allCases)
  func steps(precision: CUDAPrecision) throws {
    try withTemporaryFolder { folder in
      let eager = try Device(in: folder, graphs: false, precision: precision)
      let expected = Self.train(on: eager.backend)
      #expect(eager.backend.graphLaunches == 0)
      for reusesMemory in [false, true] {
        let device = try Device(
          in: folder, graphs: true, precision: precision, reusesMemory: reusesMemory)
        let actual = Self.train(on: device.backend)
        for number in expected.indices {
          #expect(actual[number] == expected[number], "step \(number)")
        }
        // Both halves of the second to fifth step, and of the last two.
        #expect(device.notes.all.isEmpty && device.backend.graphLaunches == 12)
      }
    }
  }

  @Test("A training with dropout is done kernel by kernel")
  func dropout() throws {
    try withTemporaryFolder { folder in
      let device = try Device(in: folder, graphs: true)
      let networks = CycleGAN(
        generator: GeneratorDescription(blocks: 1, filters: 2, dropout: true),
        discriminator: DiscriminatorDescription(layers: 1, filters: 2))
      networks.initialize(seed: 1)
      let step = CycleGANStep(networks, CycleGANOptions(), on: device.backend)
      for number in 0..<3 {
        _ = step(
          realA: Tensor(zeros: [1, 8, 8, 3]), realB: Tensor(zeros: [1, 8, 8, 3]),
          chances: CycleGANChances(seed: 1, step: number, batch: 1, poolSize: 2))
      }
      #expect(device.backend.graphLaunches == 0 && device.notes.all.isEmpty)
    }
  }

  // MARK: Works

  /// 2 · x + weight, in two kernels, and how often its body ran.
  private static func doubled(
    _ work: RepeatableWork, _ x: Float, plus weight: Tensor, on backend: CUDABackend,
    _ runs: inout Int, also: (any Backend, Tensor) -> Void = { _, _ in }
  ) -> Tensor {
    let made = backend.repeated(
      work, inputs: [Tensor([2], [x, -x])], reading: [weight]
    ) { backend, inputs in
      runs += 1
      let doubled = backend.affine(inputs[0], scale: 2, shift: 0)
      also(backend, doubled)
      return [backend.combine(.add, doubled, weight), nil]
    }
    #expect(made.count == 2 && made[1] == nil)
    return made[0]!
  }

  @Test("The body runs twice, and results stay as long as somebody has them")
  func results() throws {
    try withTemporaryFolder { folder in
      for reusesMemory in [false, true] {
        let device = try Device(in: folder, graphs: true, reusesMemory: reusesMemory)
        let work = RepeatableWork("Doubling"), weight = Tensor([2], [100, 200])
        var runs = 0, kept: [Tensor] = []
        for number in 1...5 {
          kept.append(
            Self.doubled(work, Float(number), plus: weight, on: device.backend, &runs))
        }
        #expect(runs == 2 && device.backend.graphLaunches == 4 && device.notes.all.isEmpty)
        for (index, result) in kept.enumerated() {
          let change = 2 * Float(index + 1)
          #expect(result.values == [100 + change, 200 - change])
        }
      }
    }
  }

  @Test("A result that was changed where it is stays changed")
  func changedResults() throws {
    try withTemporaryFolder { folder in
      let gpu = try Device(in: folder, graphs: true).backend
      let work = RepeatableWork("Doubling"), weight = Tensor([2], [0, 0])
      var runs = 0
      for number in 1...4 {
        var made = Self.doubled(work, Float(number), plus: weight, on: gpu, &runs)
        gpu.clip(&made, to: 1)
        _ = Self.doubled(work, 50, plus: weight, on: gpu, &runs)
        #expect(made.values == [1, -1])
      }
      #expect(runs == 2)
    }
  }

  @Test("A weight may change where it is, move, or be exchanged")
  func weights() throws {
    try withTemporaryFolder { folder in
      let gpu = try Device(in: folder, graphs: true).backend
      let work = RepeatableWork("Doubling")
      var weight = Tensor([2], [1, 2]), runs = 0
      func check(_ expected: [Float], runs expectedRuns: Int) {
        let made = Self.doubled(work, 10, plus: weight, on: gpu, &runs)
        #expect(made.values == expected)
        #expect(runs == expectedRuns)
      }
      check([21, -18], runs: 1)
      check([21, -18], runs: 2)
      gpu.clip(&weight, to: 1.5)
      check([21, -18.5], runs: 2)
      let checkpoint = weight
      gpu.clip(&weight, to: 0.5)
      check([20.5, -19.5], runs: 3)
      check([20.5, -19.5], runs: 3)
      weight = checkpoint
      check([21, -18.5], runs: 4)
      weight[0] = 7
      check([27, -18.5], runs: 5)
      check([27, -18.5], runs: 5)
    }
  }

  /// 8 · x and 4 · x in several steps side by side, whose memory comes and goes; then their difference.
  private static func difference(
    _ work: RepeatableWork, _ x: Float, on backend: CUDABackend,
    also: @escaping (any Backend, Tensor, Tensor) -> Void = { _, _, _ in }
  ) -> Tensor {
    let made = backend.repeated(work, inputs: [Tensor(repeating: x, [3000])], reading: []) {
      backend, inputs in
      var other = inputs[0]
      let (eight, four) = backend.both(
        sideBySide: true,
        { backend in
          other = (0..<3).reduce(inputs[0]) { made, _ in
            backend.affine(made, scale: 2, shift: 0)
          }
          return other
        },
        { backend in
          also(backend, inputs[0], other)
          return (0..<3).reduce(inputs[0]) { made, step in
            backend.combine(.add, made, backend.affine(inputs[0], scale: Float(step), shift: 0))
          }
        })
      return [backend.combine(.subtract, eight, four)]
    }
    return made[0]!
  }

  @Test("Two works side by side do not get into each other's way")
  func sideBySide() throws {
    try withTemporaryFolder { folder in
      for reusesMemory in [false, true] {
        let device = try Device(in: folder, graphs: true, reusesMemory: reusesMemory)
        let work = RepeatableWork("Subtracting")
        // The stand-in runs the branches of a graph in three orders, one after the other.
        for number in 1...8 {
          let made = Self.difference(work, Float(number), on: device.backend)
          #expect(made == Tensor(repeating: 4 * Float(number), [3000]))
        }
        #expect(device.notes.all.isEmpty && device.backend.graphLaunches == 7)
      }
    }
  }

  @Test("Two works side by side that are not independent are found out")
  func dependent() throws {
    try withTemporaryFolder { folder in
      let device = try Device(in: folder, graphs: true)
      let work = RepeatableWork("Subtracting")
      for number in 1...4 {
        let made = Self.difference(work, Float(number), on: device.backend) { backend, _, other in
          _ = backend.affine(other, scale: 1, shift: 1)
        }
        #expect(made == Tensor(repeating: 4 * Float(number), [3000]))
      }
      #expect(device.backend.graphLaunches == 0)
      #expect(device.notes.all.count == 1 && device.notes.all[0].contains("side by side"))
    }
  }

  /// What a work must not do, and what is said then.
  private static let misdeeds: [(word: String, deed: @Sendable (any Backend, Tensor) -> Void)] = [
    ("looks at numbers on the way", { _, made in _ = made.values }),
    ("waits for the GPU", { backend, _ in backend.synchronize() }),
    (
      "was not told of",
      { backend, made in _ = backend.combine(.add, made, Strangers.shared.tensor) }
    ),
    (
      "did not make",
      { backend, _ in Strangers.shared.change { backend.clip(&$0, to: 1) } }
    ),
    (
      "other numbers",
      { backend, made in
        _ = backend.combine(.add, made, Tensor([2], [Float(count.add(1)), 0]))
      }
    ),
    (
      "other work",
      { backend, made in _ = backend.affine(made, scale: Float(count.add(1)), shift: 0) }
    ),
    (
      "more than the time before",
      { backend, made in
        _ = backend.broadcast(made, to: Shape([1000 * count.add(1), 2]))
      }
    ),
  ]

  private final class Count: Sendable {
    private let number = Atomic(0)

    func add(_ more: Int) -> Int { number.add(more, ordering: .relaxed).newValue }
  }

  private static let count = Count()

  @Test("A work that cannot be repeated is done kernel by kernel, and it is said why")
  func misdeeds() throws {
    for (word, deed) in Self.misdeeds {
      try withTemporaryFolder { folder in
        let device = try Device(in: folder, graphs: true)
        Strangers.shared.change {
          $0 = device.backend.affine(Tensor([2], [1, 1]), scale: 1, shift: 0)
        }
        let work = RepeatableWork("Doubling"), weight = Tensor([2], [100, 200])
        var runs = 0
        for number in 1...5 {
          let made = Self.doubled(
            work, Float(number), plus: weight, on: device.backend, &runs, also: deed)
          let change = 2 * Float(number)
          #expect(made.values == [100 + change, 200 - change])
        }
        #expect(device.backend.graphLaunches == 0 && runs >= 5)
        let notes = device.notes.all
        #expect(notes.count == 1 && notes.allSatisfy { $0.contains(word) }, "\(word): \(notes)")
      }
    }
  }

  @Test("Few forms of a work are kept, and their memory comes back")
  func memory() throws {
    try withTemporaryFolder { folder in
      let gpu = try Device(in: folder, graphs: true, reusesMemory: true).backend
      func used() -> Int {
        gpu.forgetPeakMemory()
        return gpu.peakMemoryBytes
      }
      func run(_ work: RepeatableWork, count: Int) {
        for _ in 0..<3 {
          _ = gpu.repeated(work, inputs: [Tensor(zeros: [count])], reading: []) { backend, inputs in
            [backend.affine(backend.affine(inputs[0], scale: 1, shift: 1), scale: 2, shift: 0)]
          }
        }
      }
      let before = used()
      do {
        let work = RepeatableWork("Filling")
        for thousands in 1...6 { run(work, count: thousands << 10) }
        // Of the last two sizes, the input and both results.
        #expect(used() - before == 3 * (5 + 6) << 12)
      }
      #expect(used() == before)
    }
  }
}

/// A tensor that works are not told of.
private final class Strangers: Sendable {
  static let shared = Strangers()
  private let kept = Mutex(Tensor(0))

  var tensor: Tensor { kept.withLock(\.self) }

  /// Changes it where it is.
  func change(_ change: (inout Tensor) -> Void) { kept.withLock { change(&$0) } }
}
