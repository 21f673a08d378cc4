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
    /// Whether a thread notes a work, or captures it: there is one set of streams for that.
    var isTaken = false
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

  /// Does what one thread does at a time, from before a capture begins until it has ended; nil if
  /// another thread does so just now.
  func alone<Result>(_ work: () -> Result) -> Result? {
    let isFree = state.withLock { state in
      defer { state.isTaken = true }
      return !state.isTaken
    }
    guard isFree else { return nil }
    defer { state.withLock { $0.isTaken = false } }
    return work()
  }

  /// Runs a work that is noted down; only `alone`.
  func during<Result>(_ recording: Recording, _ work: () -> Result) -> Result {
    state.withLock { $0.recording = recording }
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
