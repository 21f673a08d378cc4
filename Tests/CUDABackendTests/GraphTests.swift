import ConvolutionCore
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import CUDABackend

@Suite("Works that are repeated as graphs, on a stand-in for an NVIDIA GPU")
struct GraphTests {
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
        let device = try GraphDevice(in: folder, graphs: true, reusesMemory: reusesMemory)
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
      let gpu = try GraphDevice(in: folder, graphs: true).backend
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
      let gpu = try GraphDevice(in: folder, graphs: true).backend
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
        let device = try GraphDevice(in: folder, graphs: true, reusesMemory: reusesMemory)
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
      let device = try GraphDevice(in: folder, graphs: true)
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
      "other memory than the time before",
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
        let device = try GraphDevice(in: folder, graphs: true)
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

  /// Bytes of a GPU's memory that are in use now.
  private static func used(_ gpu: CUDABackend) -> Int {
    gpu.forgetPeakMemory()
    return gpu.peakMemoryBytes
  }

  @Test("Few forms of a work are kept, and their memory comes back")
  func memory() throws {
    try withTemporaryFolder { folder in
      let gpu = try GraphDevice(in: folder, graphs: true, reusesMemory: true).backend
      func run(_ work: RepeatableWork, count: Int) {
        for _ in 0..<3 {
          _ = gpu.repeated(work, inputs: [Tensor(zeros: [count])], reading: []) { backend, inputs in
            [backend.affine(backend.affine(inputs[0], scale: 1, shift: 1), scale: 2, shift: 0)]
          }
        }
      }
      let before = Self.used(gpu)
      do {
        let work = RepeatableWork("Filling")
        for thousands in 1...6 { run(work, count: thousands << 10) }
        // Of the last two sizes, the input and both results.
        #expect(Self.used(gpu) - before == 3 * (5 + 6) << 12)
      }
      #expect(Self.used(gpu) == before)

      // As when memory is full.
      let work = RepeatableWork("Filling")
      run(work, count: 5 << 10)
      #expect(Self.used(gpu) - before == 3 * 5 << 12)
      gpu.device.repetition.dropGraphs()
      #expect(Self.used(gpu) == before)
      run(work, count: 5 << 10)
      #expect(Self.used(gpu) - before == 3 * 5 << 12)
    }
  }

  @Test("A result that is kept keeps no more than itself, and a vain capture nothing")
  func keptResults() throws {
    try withTemporaryFolder { folder in
      let gpu = try GraphDevice(in: folder, graphs: true, reusesMemory: true).backend
      let before = Self.used(gpu)
      var kept: Tensor?
      do {
        let work = RepeatableWork("Adding up")
        for _ in 0..<3 {
          kept =
            gpu.repeated(work, inputs: [Tensor(zeros: [1 << 16])], reading: []) {
              backend, inputs in
              [backend.sum(backend.affine(inputs[0], scale: 1, shift: 1), to: [])]
            }[0]
        }
      }
      #expect(kept != nil && Self.used(gpu) - before == 512)
      kept = nil

      // Each time it asks for more.
      let growing = RepeatableWork("Growing")
      for count in 1...4 {
        gpu.forgetPeakMemory()
        _ = gpu.repeated(growing, inputs: [Tensor(zeros: [1 << 16])], reading: []) {
          backend, inputs in
          let long = backend.broadcast(backend.sum(inputs[0], to: [1]), to: [count << 16])
          return [backend.sum(backend.affine(long, scale: 1, shift: 1), to: [])]
        }
        // The input and its copies, and what the work takes itself.
        #expect(gpu.peakMemoryBytes - before < ((2 + 2 * count + 1) << 18) + 4096, "\(count)")
      }
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
