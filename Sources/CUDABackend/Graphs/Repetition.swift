import Synchronization

/// Whether works that are repeated become graphs, and who is told if one cannot.
struct GraphUse: Sendable {
  let isOn: Bool
  let note: @Sendable (String) -> Void
}

/// The works that are repeated on one GPU, and who notes the one that runs.
final class Repetition: Sendable {
  /// Whether the memory of a graph is filled with NaN before it is replayed, for tests.
  let poisons: Bool
  private let state = Mutex(State())

  private struct State {
    var graphLaunches = 0
    var recording: Recording?
    var works: [Reference] = []
  }

  private struct Reference {
    weak var graphs: WorkGraphs?
  }

  init(poisons: Bool) { self.poisons = poisons }

  /// Who notes down what this thread asks for; nil if nobody does.
  var recording: Recording? {
    let recording = state.withLock(\.recording)
    return recording?.isOnThisThread == true ? recording : nil
  }

  /// Runs a work that is noted down; nil if another thread's is just now.
  func during<Result>(_ recording: Recording, _ work: () -> Result) -> Result? {
    let isFree = state.withLock { state in
      if state.recording != nil { return false }
      state.recording = recording
      return true
    }
    guard isFree else { return nil }
    defer { state.withLock { $0.recording = nil } }
    return work()
  }

  /// How often a graph has been launched.
  var graphLaunches: Int { state.withLock(\.graphLaunches) }

  func countLaunch() { state.withLock { $0.graphLaunches += 1 } }

  /// Counts a work among those whose graphs can be dropped.
  func add(_ graphs: WorkGraphs) {
    state.withLock { state in
      state.works.removeAll { $0.graphs == nil }
      state.works.append(Reference(graphs: graphs))
    }
  }

  /// Drops the graphs of all works but those that run, since memory is full.
  func dropGraphs() {
    let works = state.withLock { $0.works.compactMap(\.graphs) }
    for graphs in works { graphs.drop() }
  }
}
