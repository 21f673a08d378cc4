import Augmentation
import Foundation
import Images
import Synchronization

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
    /// It could not be read or augmented, and was left out.
    case skipped(input: String, reason: String)
  }

  /// What became of a folder.
  public struct Summary: Sendable, Equatable {
    /// Pictures of the input that were augmented.
    public internal(set) var augmented = 0
    /// Pictures of the input that were left out.
    public internal(set) var skipped = 0
    /// Files written.
    public internal(set) var written = 0
  }

  /// What is done to each picture.
  public var pipeline: Pipeline
  /// Outputs for each input, at least 1.
  public var copies = 1
  /// Another seed, other outcomes.
  public var seed: UInt64 = 0
  /// Pictures worked on at a time.
  public var threads = ProcessInfo.processInfo.activeProcessorCount
  /// Quality of JPEG outputs, 1…100.
  public var quality = 92

  /// Creates an augmenter that makes one copy.
  public init(_ pipeline: Pipeline) { self.pipeline = pipeline }

  /// Augments all pictures of a folder.
  ///
  /// - Parameters:
  ///   - input: The folder to read, searched recursively.
  ///   - output: The folder to write, made if missing; outside the input folder. Files of the same
  ///     names are replaced.
  ///   - onEvent: Called for each picture of the input, from any thread, one call at a time.
  /// - Throws: `DatasetError` if the input cannot be searched or the output lies inside it, and
  ///   what ends the whole work, such as a full disk. A bad picture does not.
  public func run(
    input: String, output: String, onEvent: @Sendable (Event) -> Void = { _ in }
  ) throws -> Summary {
    precondition(copies > 0, "\(copies) copies")
    let folder = try ImageFolder(input)
    try requireOutside(input: input, output: output)
    try FolderListing.create(output)
    // Only a folder that exists shows where its links lead.
    try requireOutside(input: input, output: output)
    let summary = Mutex(Summary())
    try ParallelWork.run(count: folder.count, threads: threads) { index in
      let event = try augment(folder, index, into: output)
      summary.withLock {
        switch event {
        case .augmented(_, let outputs):
          $0.augmented += 1
          $0.written += outputs.count
        case .skipped: $0.skipped += 1
        }
        onEvent(event)
      }
    }
    return summary.withLock { $0 }
  }

  private func augment(_ folder: ImageFolder, _ index: Int, into output: String) throws -> Event {
    let input = folder.path(at: index)
    let picture: Image
    do {
      picture = try ImageFile.read(input)
    } catch {
      return .skipped(input: input, reason: "\(error)")
    }
    var outputs: [String] = []
    for copy in 0..<copies {
      let changed: Image
      do {
        changed = try pipeline.apply(to: picture, seed: seed, epoch: copy, index: index)
      } catch {
        return .skipped(input: input, reason: "\(input): \(error)")
      }
      let path = "\(output)/\(outputName(folder.names[index], copy: copy))"
      if let slash = path.lastIndex(of: "/") { try FolderListing.create(String(path[..<slash])) }
      try write(changed, to: path)
      outputs.append(path)
    }
    return .augmented(input: input, outputs: outputs)
  }

  private func write(_ picture: Image, to path: String) throws {
    // A PNG may hide behind the name of a JPEG, which has no place for its alpha.
    let fits = ImageFormat(extensionOf: path) == .png || !picture.hasAlpha
    try ImageFile.write(
      fits ? picture : picture.composited(over: [255]), to: path, quality: quality)
  }

  private func outputName(_ name: String, copy: Int) -> String {
    guard copies > 1, let dot = name.lastIndex(of: ".") else { return name }
    let digits = String(copy + 1)
    let number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return "\(name[..<dot])-\(number)\(name[dot...])"
  }

  private func requireOutside(input: String, output: String) throws(DatasetError) {
    func real(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
    let inside = real(output), outside = real(input)
    if inside == outside || inside.hasPrefix(outside == "/" ? "/" : outside + "/") {
      throw .outputInsideInput(input: input, output: output)
    }
  }
}
