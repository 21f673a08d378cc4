import Files
import Foundation
import Tensors

extension LabelledPictures {
  /// The two parts of a data set.
  public enum Part: String, Sendable, CaseIterable {
    /// What networks learn from.
    case training
    /// What they never see.
    case test

    /// How IDX files of this part are called.
    var idxName: String {
      (self == .training ? "train" : "t10k") + "-images-idx3-ubyte"
    }
    /// The folder of pictures of this part.
    var folderName: String { self == .training ? "train" : "test" }
  }

  /// Opens a part of a data set, of whichever kind it is.
  ///
  /// A source is one of
  /// * a folder that holds `train-images-idx3-ubyte` and `t10k-images-idx3-ubyte`, packed by gzip
  ///   or not, with their labels beside them, as MNIST has them;
  /// * a folder with folders `train` and `test`, each as in the next line;
  /// * a folder of pictures; folders in it are labels. It is its own only part;
  /// * a file of pictures as in the first line, likewise;
  /// * `digits`, unless something has this name: 10,000 drawn for training, 2,000 for tests.
  ///
  /// - Parameters:
  ///   - source: One of these.
  ///   - part: Which part.
  ///   - size: Rows and columns of the pictures; nil for what IDX files have, 28 for digits, and
  ///     64 for folders.
  ///   - channels: 1 or 3; nil for what the pictures have.
  ///   - threads: Pictures read or drawn at a time.
  /// - Throws: `DatasetError`, `IDXError` or `FileError`.
  public static func open(
    _ source: String, part: Part = .training, size: Int? = nil, channels: Int? = nil,
    threads: Int = SystemCores.count
  ) throws -> LabelledPictures {
    guard let entry = FileEntry(at: source) else {
      guard source == embedded else { throw DatasetError.missingFolder(source) }
      let count = part == .training ? 10_000 : 2_000, size = size ?? 28
      guard size <= largestDrawn else {
        throw DatasetError.tooLargeToDraw(source, size: size, limit: largestDrawn)
      }
      return digits(count: count, seed: 1, size: size, part: part, threads: threads)
        .converted(toChannels: channels)
    }
    guard entry.kind == .folder else {
      return try LabelledPictures(idx: source, size: size).converted(toChannels: channels)
    }
    if let path = idxPath(part, in: source) {
      return try LabelledPictures(idx: path, size: size).converted(toChannels: channels)
    }
    return try LabelledPictures(
      folder: hasFolders(source) ? "\(source)/\(part.folderName)" : source, size: size ?? 64,
      channels: channels, threads: threads)
  }

  /// What a classifier learns from, and what it is tried on.
  public struct Parts: Sendable {
    /// Learnt from.
    public let training: LabelledPictures
    /// Held out.
    public let test: LabelledPictures

    /// Takes two sets of the same size, channels and labels.
    public init(training: LabelledPictures, test: LabelledPictures) {
      precondition(
        training.width == test.width && training.height == test.height
          && training.channels == test.channels && training.labels == test.labels,
        "two parts that are not of one data set")
      self.training = training
      self.test = test
    }
  }

  /// Opens both parts of a data set, as squares; where the source has none, every fifth picture is
  /// held out.
  ///
  /// - Parameters: As of `open`.
  public static func parts(
    of source: String, size: Int? = nil, channels: Int? = nil,
    threads: Int = SystemCores.count
  ) throws -> Parts {
    let training = try open(source, size: size, channels: channels, threads: threads).squares
    if hasParts(source) {
      let test = try open(
        source, part: .test, size: training.width, channels: training.channels, threads: threads)
      guard test.labels == training.labels else {
        throw DatasetError.differentLabels(source, training: training.labels, test: test.labels)
      }
      // One picture has no spread.
      let fewest = min(training.count, test.count)
      guard fewest >= 2 else { throw DatasetError.tooFewPictures(source, fewest) }
      return Parts(training: training, test: test)
    }
    let all = 0..<training.count
    guard training.count >= 10 else { throw DatasetError.tooFewPictures(source, training.count) }
    return Parts(
      training: training.subset(all.filter { $0 % 5 != 4 }),
      test: training.subset(all.filter { $0 % 5 == 4 }))
  }

  /// The pictures as networks take them: of those that are not square, as IDX files may have them,
  /// the middle.
  package var squares: LabelledPictures {
    width == height ? self : mapped { $0.square(min(width, height)) }
  }

  private static func hasParts(_ source: String) -> Bool {
    guard FileEntry.isFolder(source) else {
      return FileEntry(at: source) == nil
    }
    return hasFolders(source)
      || Part.allCases.allSatisfy { idxPath($0, in: source) != nil }
  }

  private static func hasFolders(_ source: String) -> Bool {
    Part.allCases.allSatisfy {
      FileEntry.isFolder("\(source)/\($0.folderName)")
    }
  }

  /// The IDX file of a part in a folder; nil if there is none.
  private static func idxPath(_ part: Part, in folder: String) -> String? {
    ["", ".gz"].map { "\(folder)/\(part.idxName)\($0)" }
      .first { FileEntry.isFile($0) }
  }

  /// The name of the data set that needs no files.
  public static let embedded = "digits"

  /// Larger digits hold nothing more, and all of them are held in memory.
  private static let largestDrawn = 256

  private func converted(toChannels count: Int?) -> LabelledPictures {
    guard let count, count != channels else { return self }
    return mapped { $0.converted(toChannels: count) }
  }
}
