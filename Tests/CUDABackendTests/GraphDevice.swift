import CUDABackend
import Synchronization
import TestSupport

/// A backend that launches kernel by kernel or repeats graphs, and what it notes.
struct GraphDevice {
  let backend: CUDABackend
  let notes = GraphNotes()

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

final class GraphNotes: Sendable {
  private let lines = Mutex<[String]>([])

  func add(_ line: String) { lines.withLock { $0.append(line) } }

  var all: [String] { lines.withLock(\.self) }
}
