import CCUDA
import Foundation
import Tensors

/// What a work asks for, noted down while it runs: once in rehearsal, to learn whether and with what
/// memory it can be repeated, and once more while it is captured into a graph.
///
/// `@unchecked Sendable`: one thread runs the work, and nobody else looks before it is done.
final class Recording: @unchecked Sendable {
  /// What the work takes its memory of: in the first lane, and in the one beside it.
  private let memories: [any MemorySource]
  /// What it may read besides, by its objects' identities.
  private let known: Set<ObjectIdentifier>
  /// The earlier run that this one must equal; nil for the first.
  private let rehearsal: Recording?
  /// Ends a capture that cannot be used, so that the driver can be called as ever.
  private let endCapture: () -> Void
  private let thread = pthread_self()

  private var sequence = StableHash()
  private var constants: [Constant] = []
  private var used = 0
  /// How many works side by side have begun and not ended.
  private var forks = 0
  /// What has been promised and may still be asked for.
  private var promises: [Promised] = []
  /// What a graph refers to, whoever else forgets it.
  private(set) var kept: [AnyObject] = []
  /// Why the work cannot be repeated.
  private(set) var failure: String?
  /// Whether something was found out during a rehearsal, so that the next one will ask for less.
  var mustBeRepeated = false

  /// Numbers that the work takes from this machine's memory, the same each time.
  private struct Constant {
    let bytes: [UInt8]
    let elements: CUDAElements
  }

  private struct Promised {
    weak var elements: (any PromisedElements)?
    let lane: Int
  }

  /// Begins a rehearsal: work is done, and noted.
  ///
  /// - Parameters:
  ///   - memories: What it takes its memory of, in each lane.
  ///   - known: What it may read besides.
  init(_ memories: [any MemorySource], reading known: [CUDAElements]) {
    self.memories = memories
    self.known = Set(known.map { ObjectIdentifier($0) })
    rehearsal = nil
    endCapture = {}
  }

  /// Begins a capture: work is noted, and held against its rehearsal.
  ///
  /// - Parameter endCapture: Ends it, if it turns out to be of no use.
  init(
    _ memories: [any MemorySource], reading known: [CUDAElements], after rehearsal: Recording,
    endCapture: @escaping () -> Void
  ) {
    self.memories = memories
    self.known = Set(known.map { ObjectIdentifier($0) })
    self.rehearsal = rehearsal
    self.endCapture = endCapture
    kept = rehearsal.constants.map(\.elements)
  }

  var isCapturing: Bool { rehearsal != nil }

  /// Whether a capture has failed, so that what is still asked for need not be done.
  var isAbandoned: Bool { isCapturing && failure != nil }

  /// Whether the caller runs the work.
  var isOnThisThread: Bool { pthread_equal(thread, pthread_self()) != 0 }

  /// Notes why the work cannot be repeated; ends a capture.
  func abandon(_ reason: String) {
    guard failure == nil else { return }
    failure = reason
    endCapture()
  }

  /// Has an object live as long as the graph.
  func keep(_ object: AnyObject) { if isCapturing { kept.append(object) } }

  /// Holds the whole run against its rehearsal.
  func finish() {
    guard let rehearsal, failure == nil else { return }
    if sequence.value != rehearsal.sequence.value || used != rehearsal.constants.count {
      abandon("it did other work than the time before")
    }
  }
}

// MARK: - Notes

extension Recording {
  /// Notes a kernel and its numbers.
  func note(
    _ kernel: Kernel, _ shape: LaunchShape, _ arguments: [KernelArgument], lane: Int
  ) {
    mix(kernel.hashValue)
    mix(lane)
    for number in [shape.grid.x, shape.grid.y, shape.grid.z, shape.block.x, shape.block.y] {
      mix(number)
    }
    for argument in arguments {
      switch argument {
      case .elements(let elements), .notes(.some(let elements)):
        requireKnown(elements, lane: lane)
        mix(1)
      case .none, .notes(.none): mix(0)
      case .arrivals: break
      case .count, .signed, .float: mix(Int(bitPattern: UInt(argument.bits)))
      }
    }
  }

  /// Notes a convolution.
  func note(_ problem: ConvolutionProblem, _ tensors: [CUDAElements], lane: Int) {
    mix(problem.hashValue)
    mix(lane)
    for elements in tensors { requireKnown(elements, lane: lane) }
  }

  /// Notes a copy within the GPU's memory.
  func noteCopy(
    bytes: Int, from source: CUDAElements, to target: CUDAElements, lane: Int
  ) {
    mix(bytes)
    if !constants.contains(where: { $0.elements === source })
      && rehearsal?.constants.contains(where: { $0.elements === source }) != true
    {
      requireKnown(source, lane: lane)
    }
    requireOwn(target)
  }

  /// Notes that elements are to be changed where they are.
  func requireOwn(_ elements: CUDAElements) {
    if !isOwn(elements) { abandon("it changes a tensor that it did not make") }
  }

  /// Notes that elements will be made when somebody asks for them.
  func note(_ promise: any PromisedElements, lane: Int) {
    promises.append(Promised(elements: promise, lane: lane))
  }

  /// Keeps what was promised in a lane and what somebody may still ask for, since nothing is done in that
  /// lane from now on.
  func keepPromises(ofLane lane: Int) {
    for promised in promises where promised.lane == lane { _ = promised.elements?.kept() }
    promises.removeAll { $0.lane == lane }
  }

  /// The place of numbers that are the same each time; nil if they are not.
  func constant(_ source: UnsafeRawPointer, bytes: Int, on device: CUDADevice) -> CUDAElements? {
    let numbers = UnsafeRawBufferPointer(start: source, count: bytes)
    guard let rehearsal else {
      let elements = CUDAElements(bytes: bytes, on: CUDAQueue(device))
      device.upload(source, bytes: bytes, to: elements.address)
      constants.append(Constant(bytes: [UInt8](numbers), elements: elements))
      return elements
    }
    guard used < rehearsal.constants.count, numbers.elementsEqual(rehearsal.constants[used].bytes)
    else {
      abandon("it took other numbers from this machine's memory than the time before")
      return nil
    }
    used += 1
    return rehearsal.constants[used - 1].elements
  }

  /// Whether the work made these.
  func isOwn(_ elements: CUDAElements) -> Bool {
    memories.contains { $0 === elements.memory }
  }

  /// Notes that two works side by side begin, and runs them; each works in its lane's memory alone.
  func fork(_ works: () -> Void) {
    forks += 1
    works()
    forks -= 1
  }

  /// Side by side, neither may read what the other makes, nor give memory back that the other takes.
  private func requireKnown(_ elements: CUDAElements, lane: Int) {
    let elements = elements.made
    if known.contains(ObjectIdentifier(elements)) { return }
    if !isOwn(elements) {
      abandon("it reads a tensor that it was not told of")
    } else if forks > 0, elements.memory !== memories[lane] {
      abandon("one of two works side by side reads what the other makes")
    }
  }

  private func mix(_ number: Int) { sequence.add(UInt64(bitPattern: Int64(number))) }
}
