import Foundation

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
    threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws -> LabelledPictures {
    guard let entry = FolderListing.entry(at: source) else {
      guard source == embedded else { throw DatasetError.missingFolder(source) }
      let count = part == .training ? 10_000 : 2_000
      return digits(count: count, seed: 1, size: size ?? 28, part: part, threads: threads)
        .converted(toChannels: channels)
    }
    guard entry.isFolder else {
      return try LabelledPictures(idx: source, size: size).converted(toChannels: channels)
    }
    for name in [part.idxName, part.idxName + ".gz"] {
      let path = "\(source)/\(name)"
      guard FolderListing.entry(at: path)?.isFile == true else { continue }
      return try LabelledPictures(idx: path, size: size).converted(toChannels: channels)
    }
    let hasParts = Part.allCases.allSatisfy {
      FolderListing.entry(at: "\(source)/\($0.folderName)")?.isFolder == true
    }
    return try LabelledPictures(
      folder: hasParts ? "\(source)/\(part.folderName)" : source, size: size ?? 64,
      channels: channels, threads: threads)
  }

  /// The name of the data set that needs no files.
  public static let embedded = "digits"

  private func converted(toChannels count: Int?) -> LabelledPictures {
    guard let count, count != channels else { return self }
    return mapped { $0.converted(toChannels: count) }
  }
}
