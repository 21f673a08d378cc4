import Files
import Foundation
import Glibc

/// The folder of one training run, `Models/<name>/`.
///
/// | file | what it holds |
/// |---|---|
/// | `model.safetensors` | the generators as they stand (`ModelFile`) |
/// | `state.safetensors` | all that resuming needs (`StateFile`) |
/// | `options.json` | the options of the run |
/// | `log.jsonl` | one line of JSON for each report (`RunLog`) |
/// | `samples/` | pictures made on the way |
/// | `models/` | models as they stood on the way, if asked for |
///
/// Every file but the log is replaced in one piece: whoever reads it sees the old or the new. One
/// process at a time may open a run for writing; the system ends its claim when it dies.
public final class RunFolder: Sendable {
  /// Path of the folder, without a slash at the end.
  public let path: String
  /// The log.
  public let log: RunLog
  private let claim: Claim

  /// Opens a run for writing, and creates the folder where it is missing.
  ///
  /// - Throws: `CheckpointError` if another process writes to the run; `FileError` if the folder
  ///   cannot be created or written to.
  public init(_ path: String) throws {
    let path = Self.trimmed(path)
    for folder in [path, path + "/samples"] { try NewFolder.create(folder) }
    claim = try Claim(path)
    // What a process left that was killed while it wrote; a state is large.
    for folder in [path, path + "/samples", path + "/models"] {
      AtomicFile.removeLeftovers(in: folder)
    }
    log = try RunLog(path + "/log.jsonl")
    self.path = path
  }

  /// Whether a folder holds what a run that begins there would replace.
  ///
  /// That is a state, a model, or options that no run has written: one that ended before it was
  /// saved leaves nothing worth keeping.
  public static func holdsRun(_ folder: String) -> Bool {
    func holds(_ name: String) -> Bool { access("\(folder)/\(name)", F_OK) == 0 }
    return hasState(folder) || holds("model.safetensors")
      || (holds("options.json") && !holds("log.jsonl"))
  }

  /// The options of the run in a folder; nil where there is none.
  ///
  /// Nothing is written, and a process that trains there does not matter.
  ///
  /// - Throws: `CheckpointError` or `FileError` where they cannot be read.
  public static func savedOptions<Options: Decodable>(_ type: Options.Type, in folder: String)
    throws -> Options?
  {
    let path = optionsPath(folder)
    guard access(path, F_OK) == 0 else { return nil }
    let json = String(decoding: try WholeFile.read(path, limit: 1 << 24), as: UTF8.self)
    return try CheckpointJSON.decode(type, json, key: "the file", file: path)
  }

  /// Steps that the state in a folder is from, by its own account; 0 where there is none.
  public static func stepsDone(in folder: String) -> Int {
    struct Position: Decodable { let step: Int }
    let path = statePath(folder)
    let position = (try? Safetensors.readHeader(path))?.metadata["position"].flatMap {
      try? CheckpointJSON.decode(Position.self, $0, key: "position", file: path)
    }
    return max(0, position?.step ?? 0)
  }

  /// Path of the model file in a run folder.
  public static func modelPath(_ folder: String) -> String {
    trimmed(folder) + "/model.safetensors"
  }

  /// Path of the options in a run folder.
  public static func optionsPath(_ folder: String) -> String { trimmed(folder) + "/options.json" }

  /// Path of the model file.
  public var modelPath: String { Self.modelPath(path) }

  /// Path of the state file.
  public var statePath: String { Self.statePath(path) }

  /// Path of the options.
  public var optionsPath: String { Self.optionsPath(path) }

  /// Path of the folder for sample pictures; it exists.
  public var samplesPath: String { path + "/samples" }

  /// Path of the folder for models that stay; made when the first is kept.
  public var modelsPath: String { path + "/models" }

  /// Whether there is a state to go on from.
  public var hasState: Bool { Self.hasState(path) }

  /// Whether a folder holds a state to go on from.
  public static func hasState(_ folder: String) -> Bool { access(statePath(folder), F_OK) == 0 }

  private static func statePath(_ folder: String) -> String { folder + "/state.safetensors" }

  /// Whether there is a model.
  ///
  /// A run saves its state first, so a model without a state was not written by a run.
  public var hasModel: Bool { access(modelPath, F_OK) == 0 }

  /// Writes the state, after everything that was logged is safe on the disk.
  public func write<Position>(_ state: StateFile<Position>) throws {
    try log.synchronize()
    try state.write(to: statePath)
  }

  /// Reads the state that was last written, and checks it whole.
  public func readState<Position>(_: Position.Type) throws -> StateFile<Position> {
    try StateFile.read(statePath)
  }

  /// Writes the options.
  public func writeOptions(_ options: some Encodable) throws {
    try AtomicFile.write(CheckpointJSON.encode(options, pretty: true) + "\n", to: optionsPath)
  }

  private static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return String(path)
  }
}

/// A lock on a run folder, which ends with the process or with its owner.
private final class Claim: Sendable {
  private let file: FileDescriptor

  init(_ folder: String) throws {
    file = try FileDescriptor(folder + "/.lock", flags: O_RDWR | O_CREAT, to: .write)
    switch file.mark() {
    case .set: break
    case .taken: throw CheckpointError(file: folder, .runInUse)
    case .impossible(let code): throw FileError(.write, file.name, .system(code: code))
    }
  }
}
