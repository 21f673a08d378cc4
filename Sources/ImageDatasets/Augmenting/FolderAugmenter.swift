import Augmentation
import Files
import Foundation
import Images
import Synchronization
import Tensors

/// Augments a folder of pictures into another folder.
///
/// Outputs keep their names relative to the input folder and their format. With several copies,
/// `meadow.png` becomes `meadow-0001.png`, `meadow-0002.png`, … A copy depends on the seed, the
/// place of the picture in the order of names, and the number of the copy, never on threads.
/// Only the pictures being worked on are in memory.
public struct FolderAugmenter: Sendable {
  /// What happened to one picture of the input.
  public enum Event: Sendable {
    /// All its copies are written.
    case augmented(input: String, outputs: [String])
    /// A part of it is missing; comes before `augmented`.
    case damaged(input: String, reason: String)
    /// It could not be read or augmented, and was left out.
    case skipped(input: String, reason: String)
  }

  /// What became of a folder.
  public struct Summary: Sendable, Equatable {
    /// Pictures of the input that were augmented.
    public internal(set) var augmented = 0
    /// Pictures among these of which a part is missing.
    public internal(set) var damaged = 0
    /// Pictures of the input that were left out.
    public internal(set) var skipped = 0
    /// Pictures among these of which a part is there, which `acceptsDamage` would augment.
    public internal(set) var recoverable = 0
    /// Augmented pictures that had 16 bits a channel and were reduced to 8.
    public internal(set) var lostDepth = 0
    /// Files written.
    public internal(set) var written = 0
    /// Files that are there under the names of copies that were not made, perhaps of an earlier run.
    public internal(set) var remaining: [String] = []
  }

  /// What is done to each picture.
  public var pipeline: Pipeline
  /// Outputs for each input, at least 1.
  public var copies = 1
  /// Another seed, other outcomes.
  public var seed: UInt64 = 0
  /// Pictures worked on at a time.
  public var threads = SystemCores.count
  /// Quality of JPEG outputs, 1…100.
  public var quality = 92

  /// Whether what is there of pictures that are cut off is augmented.
  public var acceptsDamage = false
  /// Labels of the pictures, which move along.
  public var labels: LabelSet?
  /// A folder of masks that are named like the pictures, whatever their format.
  public var masks: String?
  /// Whether the manifest says what was done to each copy.
  public var isRecording = false
  /// What was done to pictures of these names before, to be done again in place of the pipeline.
  public var replay: ReplayList?
  /// Where a sheet of the first pictures goes, as `preview(of:)` makes it, before all else.
  public var previewFile: String?

  /// Creates an augmenter that makes one copy.
  public init(_ pipeline: Pipeline) { self.pipeline = pipeline }

  /// Augments all pictures of a folder into another folder.
  ///
  /// Beside the pictures it writes `manifest.jsonl`: a line of JSON for each, in order.
  ///
  /// - Parameters:
  ///   - input: The folder to read, searched recursively.
  ///   - output: The folder to write, made if missing; outside the input folder. Copies of the same
  ///     names are replaced, so that a run that was killed can be repeated.
  ///   - onEvent: Called for each picture of the input, from any thread, one call at a time; an error
  ///     that it throws ends the work; the copies written until then stay, without a manifest.
  /// - Throws: `DatasetError` if the input cannot be searched, the output lies inside it or holds
  ///   other pictures than the copies to be written, or two pictures would share a mask or a label
  ///   file; `LabelError` if labels are of none of the pictures; `OutputError` if what is read would be
  ///   written over; and what ends the whole work, such as a full disk. A bad picture or label file
  ///   does not.
  public func run(
    input: String, output: String, onEvent: @Sendable (Event) throws -> Void = { _ in }
  ) throws -> Summary {
    let folder = try ImageFolder(input), augmenter = try among(folder)
    let layout = OutputLayout(folder: output, labels: labels?.format, hasMasks: masks != nil)
    try requireOutside(input: input, output: output)
    try requireApart(input: input, output: layout.places)
    try refuseSharedFiles(folder, layout.sharedFile)
    try refuseOtherPictures(folder, in: layout)
    let files = try FolderOutput(layout, labels: labels, quality: quality)
    let (outcome, leftOut) = try augmenter.run(folder, onEvent: onEvent) { sample in
      Made(path: try files.write(sample)) { try files.note(sample) }
    }
    try files.finish()
    var summary = outcome
    summary.remaining = remains(of: leftOut, in: layout)
    return summary
  }

  /// Augments all pictures of a folder into one tar archive, a WebDataset.
  ///
  /// Files of a sample share their name up to the dot: the picture, `.mask.png`, and `.json` with
  /// the line of the manifest. Samples come in the order of names.
  ///
  /// - Parameters:
  ///   - input: The folder to read, searched recursively.
  ///   - write: Takes the archive, part by part.
  ///   - onEvent: Called for each picture of the input, from any thread, one call at a time; an error
  ///     that it throws ends the work.
  /// - Throws: `DatasetError` if the input cannot be searched or two of its pictures would be one
  ///   sample, `OutputError` if the preview would be written over what is read, and what `write`
  ///   throws.
  public func run(
    input: String, tar write: @escaping @Sendable ([UInt8]) throws -> Void,
    onEvent: @Sendable (Event) throws -> Void = { _ in }
  ) throws -> Summary {
    let folder = try ImageFolder(input), augmenter = try among(folder)
    try requireApart(input: input, output: [])
    try refuseSharedFiles(folder) { "\(TarStream.key(of: $0)).json" }
    let (summary, _) = try augmenter.run(folder, onEvent: onEvent) { sample in
      let bytes = try TarStream.bytes(of: sample, quality: quality)
      return Made(path: sample.name) { try write(bytes) }
    }
    try write(TarStream.end)
    return summary
  }

  /// Augments all pictures of a folder into tar archives of so many samples each.
  ///
  /// They hold what one archive would, one after the other: `train-000000.tar`,
  /// `train-000001.tar`, …
  ///
  /// - Parameters:
  ///   - input: The folder to read, searched recursively.
  ///   - prefix: The path of each archive up to its number; outside the input folder.
  ///   - samplesPerShard: Samples in each but the last.
  ///   - onEvent: Called for each picture of the input, from any thread, one call at a time; an error
  ///     that it throws ends the work.
  /// - Throws: As `run(input:output:onEvent:)`.
  public func run(
    input: String, shards prefix: String, samplesPerShard: Int,
    onEvent: @Sendable (Event) throws -> Void = { _ in }
  ) throws -> Summary {
    let folder = try ImageFolder(input), augmenter = try among(folder)
    try requireOutside(input: input, output: prefix)
    try requireApart(input: input, output: [.init(path: prefix)])
    try refuseSharedFiles(folder) { "\(TarStream.key(of: $0)).json" }
    try refuseOtherShards(folder, prefix, samplesPerShard)
    let shards = try ShardOutput(prefix, samplesPerShard: samplesPerShard)
    var (summary, _) = try augmenter.run(folder, onEvent: onEvent) { sample in
      let bytes = try TarStream.bytes(of: sample, quality: quality)
      return Made(path: sample.name) { try shards.write(bytes) }
    }
    let count = try shards.finish()
    summary.remaining = try ShardOutput.found(prefix).filter { $0.number >= count }.map(\.path)
    return summary
  }

  /// A sample whose bytes are made: its name, and what remains to be done in order.
  private struct Made: Sendable {
    let path: String
    let commit: @Sendable () throws -> Void
  }

  /// - Returns: What became of the pictures, and the names of those that were left out.
  private func run(
    _ folder: ImageFolder, onEvent: @Sendable (Event) throws -> Void,
    output: @Sendable (AugmentedSample) throws -> Made
  ) throws -> (Summary, leftOut: [String]) {
    precondition(copies > 0, "\(copies) copies")
    if replay == nil { try pipeline.prepare() }
    if let previewFile { try ImageFile.write(preview(of: folder.path), to: previewFile) }
    let summary = Mutex(Summary()), leftOut = Mutex<[String]>([])
    try OrderedWork.run(count: folder.count, threads: threads) { index in
      try augment(folder, index, output: output)
    } take: { outcome in
      let input = outcome.input
      switch outcome.made {
      case .success(let made):
        for sample in made { try sample.commit() }
        summary.withLock {
          $0.written += made.count
          $0.augmented += 1
          if outcome.damage != nil { $0.damaged += 1 }
          if outcome.isDeep { $0.lostDepth += 1 }
        }
        if let damage = outcome.damage { try onEvent(.damaged(input: input, reason: damage)) }
        try onEvent(.augmented(input: input, outputs: made.map(\.path)))
      case .failure(let problem):
        summary.withLock {
          $0.skipped += 1
          if problem.isDamage { $0.recoverable += 1 }
        }
        leftOut.withLock { $0.append(outcome.name) }
        try onEvent(.skipped(input: input, reason: problem.reason))
      }
    }
    return (summary.withLock { $0 }, leftOut.withLock { $0 })
  }

  /// The augmenter with its labels looked up among a folder's pictures.
  func among(_ folder: ImageFolder) throws(LabelError) -> FolderAugmenter {
    var augmenter = self
    augmenter.labels = try labels?.among(folder.names)
    return augmenter
  }

  /// What became of a picture.
  private struct Outcome: Sendable {
    let input: String
    let name: String
    var damage: String?
    var isDeep = false
    let made: Result<[Made], Problem>
  }

  /// Why there are no copies of a picture.
  private struct Problem: Error {
    let reason: String
    var isDamage = false
  }

  /// The copies of a picture, or the reason why there are none.
  private func augment(
    _ folder: ImageFolder, _ index: Int, output: (AugmentedSample) throws -> Made
  ) throws -> Outcome {
    let input = folder.path(at: index), name = folder.names[index]
    let read: ReadPicture
    let changes: [Change]
    do {
      read = try self.read(input, name)
      changes = try self.changes(of: name, index)
      try requireDepth(of: read, input, changes)
    } catch {
      var problem = Problem(reason: "\(error)")
      // A damaged mask is of no use.
      if let error = error as? ImageError, error.name == input { problem.isDamage = error.isDamage }
      return Outcome(input: input, name: name, made: .failure(problem))
    }
    let outlined = read.labels?.outlined(in: read.picture.size) ?? []
    var samples: [AugmentedSample] = []
    for change in changes {
      do {
        var (changed, record) = try change.apply(read.picture)
        changed.dropBoxes(withoutOutlinesOf: outlined)
        samples.append(
          AugmentedSample(
            input: name, name: outputName(name, copy: change.copy), copy: change.copy,
            picture: changed, labels: read.labels?.following(changed), palette: read.palette,
            record: record, damage: read.damage, isDeep: read.isDeep, colors: read.colors))
      } catch {
        return Outcome(
          input: input, name: name, made: .failure(Problem(reason: "\(input): \(error)")))
      }
    }
    return Outcome(
      input: input, name: name, damage: read.damage, isDeep: read.isDeep,
      made: .success(try samples.map(output)))
  }

  /// Whether there are several copies of a picture, whose names end in numbers.
  var numbersCopies: Bool { replay?.copies ?? copies > 1 }

  func outputName(_ name: String, copy: Int) -> String {
    guard numbersCopies, let dot = name.lastIndex(of: ".") else { return name }
    return "\(name[..<dot])-\((copy + 1).digits(atLeast: 4))\(name[dot...])"
  }
}
