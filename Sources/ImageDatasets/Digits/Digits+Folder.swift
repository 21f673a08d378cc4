import Foundation
import Images
import Synchronization
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
  ///   - progress: Called with the pictures written so far and all that will be, from any thread,
  ///     one call at a time.
  /// - Throws: `DatasetError` if the folder holds anything else, `FileError` if it cannot be
  ///   written.
  public static func write(
    to folder: String, count: Int, testCount: Int, size: Int, seed: UInt64,
    threads: Int = SystemCores.count,
    progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    precondition(count >= 0 && testCount >= 0, "\(count) and \(testCount) digits")
    let plan = [(LabelledPictures.Part.training, count), (.test, testCount)]
      .flatMap { part, count in (0..<count).map { PlannedFile(part, number: $0) } }
    let folders = LabelledPictures.Part.allCases.flatMap { part in
      labels.map { "\(part.folderName)/\($0)" }
    }
    try FolderListing.prepare(folder, folders, for: plan.map { ($0.folder, $0.name) })
    let done = Mutex(0)
    try ParallelWork.run(count: plan.count, threads: threads) { index in
      let file = plan[index]
      let picture = picture(seed: seed, index: file.index, size: size)
      try ImageFile.write(picture, to: "\(folder)/\(file.folder)/\(file.name)")
      done.withLock {
        $0 += 1
        progress($0, plan.count)
      }
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
