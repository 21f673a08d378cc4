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
  /// What was returned the time before: a replay would write over it.
  private var returned: [Returned] = []

  private enum Stage {
    case new
    case rehearsed(Recording, Room)
    case captured(CapturedWork, Recording, Room)
    /// For good.
    case single
  }

  /// Memory that the work has for itself, and what it takes its inputs from.
  private struct Room {
    /// For what goes on in the first lane, and beside it.
    let reserves: [DeviceMemory]
    let inputs: [CUDAElements]
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
    let reserves = (0..<2).map { _ in DeviceMemory(reservedOf: device.memory) }
    let queue = CUDAQueue(device, stream: device.stream, reserves[0], recording: nil)
    let room = Room(
      reserves: reserves,
      inputs: zip(shapes.inputs, shapes.formats).map { shape, format in
        CUDAElements(count: shape.count, format, on: queue)
      })
    take(task.inputs, into: room, task.backend)
    forgetDerived(task)
    let recording = Recording(reserves, reading: reading(task) + room.inputs)
    let outputs = record(task, recording, [device.stream, device.stream], in: room)
    if let failure = recording.failure {
      giveUp(task, because: failure)
    } else {
      stage = .rehearsed(recording, room)
      returned = outputs.map { Returned(storage: $0?.storage) }
    }
    return outputs
  }

  /// Has the driver remember the work, and does it by what it remembers.
  private func capture(_ task: Task, after rehearsal: Recording, in room: Room) -> [Tensor?] {
    let device = task.backend.device, reading = reading(task)
    saveReturned(in: room, task.backend)
    take(task.inputs, into: room, task.backend)
    forgetDerived(task)
    do throws(CUDAError) {
      let capture = try StreamCapture(device)
      let recording = Recording(
        room.reserves, reading: reading + room.inputs, after: rehearsal,
        endCapture: capture.discard)
      let outputs = record(task, recording, device.captureStreams, in: room)
      if let failure = recording.failure { return retry(task, because: failure) }
      let graph = CapturedWork(
        try capture.end(), on: device, reading: reading,
        outputs: outputs.map { output in
          output.flatMap { output in
            output.deviceElements(of: CUDAElements.self).map { (output.shape, $0.made) }
          }
        }, keeping: recording.kept)
      stage = .captured(graph, rehearsal, room)
      graph.launch()
      return results(of: graph)
    } catch {
      return retry(task, because: "\(error)")
    }
  }

  private func replay(_ graph: CapturedWork, _ task: Task, in room: Room) -> [Tensor?] {
    saveReturned(in: room, task.backend)
    if task.backend.device.repetition.poisons { poison(graph, room, task.backend.device) }
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
    task.backend.graphs.note(
      "\(task.work.name) cannot be repeated as a graph: \(reason). It is done kernel by kernel.")
  }
}

// MARK: - Tensors that come and go

extension WorkForm {
  /// Runs the body with notes.
  private func record(
    _ task: Task, _ recording: Recording, _ streams: [CUstream], in room: Room
  ) -> [Tensor?] {
    let device = task.backend.device
    let beside = CUDAQueue(
      device, stream: streams[1], room.reserves[1], recording: recording, lane: 1)
    let queue = CUDAQueue(
      device, stream: streams[0], room.reserves[0], recording: recording, beside: beside)
    let outputs = device.repetition.during(recording) {
      let outputs = task.body(
        CUDABackend(task.backend, on: queue),
        zip(shapes.inputs, room.inputs).map { Tensor($0, on: $1) })
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
  private func saveReturned(in room: Room, _ backend: CUDABackend) {
    for storage in returned.compactMap(\.storage) {
      storage.moveElements { elements in
        guard let elements = elements as? CUDAElements,
          room.reserves.contains(where: { $0 === elements.memory })
        else { return nil }
        return backend.copy(elements, count: storage.count)
      }
    }
    returned = []
  }

  /// Fills all memory that the graph is to write with NaN.
  private func poison(_ graph: CapturedWork, _ room: Room, _ device: CUDADevice) {
    let pieces =
      room.reserves.flatMap(\.free)
      + graph.outputs.compactMap { output in
        output.map { ($0.elements.address, $0.shape.count * $0.elements.format.stride) }
      }
    for (address, bytes) in pieces {
      device.upload([UInt8](repeating: 0xff, count: bytes), bytes: bytes, to: address)
    }
  }
}
