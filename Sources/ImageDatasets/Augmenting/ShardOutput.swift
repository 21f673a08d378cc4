import Files
import Synchronization

/// Writes samples into tar files of so many each: `train-000000.tar` and so on.
final class ShardOutput: Sendable {
  private let prefix: String
  private let samplesPerShard: Int
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var shard: GrowingFile?
    var samples = 0
    var shards = 0
  }

  /// - Parameters:
  ///   - prefix: The path of each file up to its number.
  ///   - samplesPerShard: How many samples a file holds; the last one may hold fewer.
  init(_ prefix: String, samplesPerShard: Int) throws {
    precondition(samplesPerShard > 0, "\(samplesPerShard) samples in a shard")
    self.prefix = prefix
    self.samplesPerShard = samplesPerShard
    let folder = FilePaths.folder(of: prefix)
    try NewFolder.create(folder)
    AtomicFile.removeLeftovers(in: folder)
  }

  /// The path of a file by its number.
  static func path(_ prefix: String, _ number: Int) -> String {
    "\(prefix)-\(number.digits(atLeast: 6)).tar"
  }

  /// The files that are there, with their numbers.
  static func found(_ prefix: String) throws(DatasetError) -> [(path: String, number: Int)] {
    try FolderListing.names(in: FilePaths.folder(of: prefix)).compactMap { name in
      guard let dash = name.lastIndex(of: "-"), name.hasSuffix(".tar"),
        let number = Int(name[name.index(after: dash)...].dropLast(4))
      else { return nil }
      let path = path(prefix, number)
      return FileName(FilePaths.name(of: path)) == FileName(name) ? (path, number) : nil
    }
  }

  /// Appends a sample; in order.
  func write(_ sample: [UInt8]) throws {
    try state.withLock { state in
      if state.shard == nil {
        state.shard = try GrowingFile(Self.path(prefix, state.shards))
        state.shards += 1
      }
      try state.shard?.write(sample)
      state.samples += 1
      if state.samples == samplesPerShard { try Self.end(&state) }
    }
  }

  /// Ends the last file.
  ///
  /// - Returns: How many files there are.
  func finish() throws -> Int {
    try state.withLock {
      try Self.end(&$0)
      return $0.shards
    }
  }

  private static func end(_ state: inout State) throws {
    try state.shard?.write(TarStream.end)
    try state.shard?.finish()
    state.shard = nil
    state.samples = 0
  }
}
