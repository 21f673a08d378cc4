import Foundation
import Images
import Tensors

extension Digits {
  /// Writes the data set: `train/0` … `train/9` and `test/0` … `test/9`.
  ///
  /// A picture depends on the seed, its number and the size alone: a larger `count` adds to a
  /// smaller one.
  ///
  /// - Parameters:
  ///   - folder: Where to; made if missing. Files of an earlier, smaller run are replaced.
  ///   - count: Digits for training.
  ///   - testCount: Digits for tests.
  ///   - size: Rows and columns of each picture.
  ///   - seed: Another seed, other digits.
  ///   - threads: Pictures drawn at a time; the outcome does not depend on it.
  ///   - onPicture: Called when a picture is written, from any thread, also from several at a time.
  /// - Throws: `DatasetError` if the folder holds anything else, `FileError` if it cannot be
  ///   written.
  public static func write(
    to folder: String, count: Int, testCount: Int, size: Int, seed: UInt64,
    threads: Int = SystemCores.count,
    onPicture: @Sendable () -> Void = {}
  ) throws {
    precondition(count >= 0 && testCount >= 0, "\(count) and \(testCount) digits")
    let plan = [(LabelledPictures.Part.training, count), (.test, testCount)]
      .flatMap { part, count in (0..<count).map { PlannedFile(part, number: $0) } }
    let folders = LabelledPictures.Part.allCases.flatMap { part in
      labels.map { "\(part.folderName)/\($0)" }
    }
    try FolderListing.prepare(folder, folders, for: plan.map { ($0.folder, $0.name) })
    try ParallelWork.run(count: plan.count, threads: threads) { index in
      let file = plan[index]
      let picture = picture(seed: seed, index: file.index, size: size)
      try ImageFile.write(picture, to: "\(folder)/\(file.folder)/\(file.name)")
      onPicture()
    }
  }

  private struct PlannedFile {
    let folder: String
    let name: String
    let index: Int

    init(_ part: LabelledPictures.Part, number: Int) {
      index = part.digitIndex(number)
      folder = "\(part.folderName)/\(labels[Digits.label(of: index)])"
      name = FolderListing.numberedName(number)
    }
  }
}
