import CCUDA
import ConvolutionCore
import Tensors

/// A repeated work with tensors of certain shapes: rehearsed the first time, captured the second time,
/// replayed from then on.
///
/// `@unchecked Sendable`: `WorkGraphs` hands it to one thread at a time.
final class WorkForm: @unchecked Sendable {
  /// By what forms are told apart.
  struct Shapes: Hashable {
    let inputs: [Shape], formats: [ElementFormat], parameters: [Shape]
  }

  /// What one time of the work is given.
  struct Task {
    let work: RepeatableWork
    /// Without notes, for what is done around the work and where it is no graph.
    let backend: CUDABackend
    let inputs: [Tensor], parameters: [Tensor]
    let body: (any Backend, [Tensor]) -> [Tensor?]
  }

  let shapes: Shapes
  private var stage = Stage.new
  private var failures = 0
  /// What the graph returned the time before: a replay would write over it.
  private var returned: [Returned] = []

  private enum Stage {
    case new
    case rehearsed(Recording, Room)
    case captured(CapturedWork, Recording, Room)
    /// For good.
    case single
  }

  /// What the work takes its inputs from, and how its memory comes and goes in each lane.
  private struct Room {
    let inputs: [CUDAElements]
    var plans: [MemoryPlan] = []
  }

  private struct Returned {
    weak var storage: TensorStorage?
  }

  /// It is tried so often to capture it.
  private static let mostFailures = 2

  init(_ shapes: Shapes) { self.shapes = shapes }

  /// Does the work once.
  func run(_ task: Task) -> [Tensor?] {
    dropGraph(unlessReading: reading(task))
    switch stage {
    case .captured(let graph, _, let room): return replay(graph, task, in: room)
    case .single: return task.body(task.backend, task.inputs)
    case .new, .rehearsed:
      // While another thread learns its work, this one's has to wait until the next time.
      return task.backend.device.repetition.alone { learn(task) }
        ?? task.body(task.backend, task.inputs)
    }
  }

  /// Does the work and learns from it.
  private func learn(_ task: Task) -> [Tensor?] {
    guard case .rehearsed(let rehearsal, let room) = stage else { return rehearse(task) }
    return capture(task, after: rehearsal, in: room)
  }

  /// Where the parameters are.
  private func reading(_ task: Task) -> [CUDAElements] {
    task.parameters.map { task.backend.elements($0).made }
  }

  /// A parameter has moved if somebody kept what it was, or has given it another value.
  private func dropGraph(unlessReading elements: [CUDAElements]) {
    if case .captured(let graph, let rehearsal, let room) = stage, !graph.reads(elements) {
      stage = .rehearsed(rehearsal, room)
    }
  }

  /// Does the work and notes what it takes.
  private func rehearse(_ task: Task) -> [Tensor?] {
    let device = task.backend.device
    let memories = (0..<2).map { _ in RehearsedMemory(device.memory) }
    let queue = CUDAQueue(device)
    var room = Room(
      inputs: zip(shapes.inputs, shapes.formats).map { shape, format in
        CUDAElements(count: shape.count, format, on: queue)
      })
    take(task.inputs, into: room, task.backend)
    forgetDerived(task)
    let recording = Recording(memories, reading: reading(task) + room.inputs)
    let outputs = record(
      task, recording, [device.stream, device.stream], memories, inputs: room.inputs)
    if let failure = recording.failure {
      giveUp(task, because: failure)
    } else if !recording.mustBeRepeated {
      room.plans = memories.map(\.plan)
      stage = .rehearsed(recording, room)
    }
    return outputs
  }

  /// Has the driver remember the work, and does it by what it remembers.
  private func capture(_ task: Task, after rehearsal: Recording, in room: Room) -> [Tensor?] {
    switch captured(task, after: rehearsal, in: room) {
    case .success(let graph):
      stage = .captured(graph, rehearsal, room)
      graph.launch()
      return results(of: graph)
    case .failure(let failure):
      // By now what was captured in vain has given its memory back.
      return retry(task, because: failure.reason)
    }
  }

  /// Why there is no graph.
  private struct Failure: Error {
    let reason: String
  }

  private func captured(_ task: Task, after rehearsal: Recording, in room: Room) -> Result<
    CapturedWork, Failure
  > {
    let device = task.backend.device, reading = reading(task)
    guard let memories = plannedMemories(room.plans, on: device) else {
      return .failure(Failure(reason: "there is too little memory for one"))
    }
    take(task.inputs, into: room, task.backend)
    forgetDerived(task)
    do throws(CUDAError) {
      let capture = try StreamCapture(device)
      let recording = Recording(
        memories, reading: reading + room.inputs, after: rehearsal, endCapture: capture.discard)
      let outputs = record(
        task, recording, device.captureStreams, memories, inputs: room.inputs)
      let blocks = memories.compactMap { $0.finish() }
      if blocks.count < memories.count {
        recording.abandon("its memory came and went in another way than the time before")
      }
      if let reason = recording.failure { return .failure(Failure(reason: reason)) }
      return .success(
        CapturedWork(
          try capture.end(), on: device, reading: reading,
          outputs: outputs.map { output in
            output.flatMap { output in
              output.deviceElements(of: CUDAElements.self).map { (output.shape, $0.made) }
            }
          }, writing: blocks.flatMap(\.self), keeping: recording.kept))
    } catch {
      return .failure(Failure(reason: "\(error)"))
    }
  }

  /// Memory for a graph; nil if there is not enough.
  private func plannedMemories(_ plans: [MemoryPlan], on device: CUDADevice) -> [PlannedMemory]? {
    func planned() -> [PlannedMemory]? {
      let memories = plans.indices.compactMap {
        PlannedMemory(plans[$0], lane: $0, on: device)
      }
      return memories.count == plans.count ? memories : nil
    }
    // The pieces of the rehearsal are of no use any more: the blocks may have their place.
    device.memory.giveFreedBack()
    if let memories = planned() { return memories }
    device.driver.synchronize()
    return planned()
  }

  private func replay(_ graph: CapturedWork, _ task: Task, in room: Room) -> [Tensor?] {
    saveReturned(task.backend)
    if task.backend.device.repetition.poisons { poison(graph, task.backend.device) }
    take(task.inputs, into: room, task.backend)
    graph.launch()
    return results(of: graph)
  }

  /// Does the work after a capture that failed.
  private func retry(_ task: Task, because reason: String) -> [Tensor?] {
    stage = .new
    failures += 1
    guard failures == Self.mostFailures else { return rehearse(task) }
    giveUp(task, because: reason)
    return task.body(task.backend, task.inputs)
  }

  private func giveUp(_ task: Task, because reason: String) {
    stage = .single
    returned = []
    // What the driver says ends in a full stop already.
    let sentence = reason.hasSuffix(".") ? reason : "\(reason)."
    task.backend.graphs.note(
      "\(task.work.name) cannot be repeated as a graph: \(sentence) It is done kernel by kernel.")
  }
}

// MARK: - Tensors that come and go

extension WorkForm {
  /// Runs the body with notes.
  private func record(
    _ task: Task, _ recording: Recording, _ streams: [CUstream],
    _ memories: [any MemorySource], inputs: [CUDAElements]
  ) -> [Tensor?] {
    let device = task.backend.device
    let beside = CUDAQueue(
      device, stream: streams[1], memories[1], recording: recording, lane: 1)
    let queue = CUDAQueue(
      device, stream: streams[0], memories[0], recording: recording, beside: beside)
    let outputs = device.repetition.during(recording) {
      let outputs = task.body(
        CUDABackend(task.backend, on: queue),
        zip(shapes.inputs, inputs).map { Tensor($0, on: $1) })
      for lane in 0..<2 { recording.keepPromises(ofLane: lane) }
      return outputs
    }
    forgetDerived(task)
    for case let output? in outputs {
      output.forgetDerived()
      // Without what kept a promise, which would hold on to the recording.
      output.storage.moveElements { ($0 as? CUDAElements)?.made }
      if output.deviceElements(of: CUDAElements.self).map(recording.isOwn) != true {
        recording.abandon("it returns a tensor that it did not make")
      }
    }
    recording.finish()
    return outputs
  }

  /// What is derived of a parameter inside is made anew each time, and is of no use outside.
  private func forgetDerived(_ task: Task) {
    for parameter in task.parameters { parameter.forgetDerived() }
  }

  /// Copies inputs to where the work takes them from.
  private func take(_ inputs: [Tensor], into room: Room, _ backend: CUDABackend) {
    for (input, target) in zip(inputs, room.inputs) {
      backend.queue.copy(
        backend.elements(input), bytes: input.count * target.format.stride, to: target)
    }
  }

  /// The graph's results as tensors.
  private func results(of graph: CapturedWork) -> [Tensor?] {
    let results = graph.outputs.map { output in
      output.map { Tensor($0.shape, on: $0.elements) }
    }
    returned = results.map { Returned(storage: $0?.storage) }
    return results
  }

  /// Copies what is still held of the results of the time before, since the work will write over them.
  private func saveReturned(_ backend: CUDABackend) {
    for storage in returned.compactMap(\.storage) {
      storage.moveElements { elements in
        guard let elements = elements as? CUDAElements, elements.memory is PlannedMemory
        else { return nil }
        return backend.copy(elements, count: storage.count)
      }
    }
    returned = []
  }

  /// Fills all memory that the graph is to write with NaN.
  private func poison(_ graph: CapturedWork, _ device: CUDADevice) {
    for block in graph.blocks where block.bytes > 0 {
      device.upload(
        [UInt8](repeating: 0xff, count: block.bytes), bytes: block.bytes, to: block.address)
    }
  }
}
