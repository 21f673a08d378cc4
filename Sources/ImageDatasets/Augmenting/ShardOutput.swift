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
    try FolderListing.create(folder)
    AtomicFile.removeLeftovers(in: folder)
  }

  /// The path of a file by its number.
  static func path(_ prefix: String, _ number: Int) -> String {
    "\(prefix)-\(number.digits(atLeast: 6)).tar"
  }

  /// The files that are there, with their numbers.
  static func found(_ prefix: String) throws(DatasetError) -> [(path: String, number: Int)] {
    let place = FilePaths.folder(of: prefix)
    return try FolderListing.names(in: place).compactMap { name in
      let path = prefix.contains("/") ? FilePaths.join(place, name) : name
      return number(of: path, prefix).map { (path, $0) }
    }
  }

  /// The number of a file by its path; nil if it is none of these files.
  private static func number(of path: String, _ prefix: String) -> Int? {
    guard path.hasPrefix(prefix + "-"), path.hasSuffix(".tar") else { return nil }
    let number = Int(path.dropFirst(prefix.count + 1).dropLast(4))
    return number.flatMap { self.path(prefix, $0) == path ? $0 : nil }
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
