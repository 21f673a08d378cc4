import Foundation
import Images
import Tensors

extension Seasons {
  /// Writes the data set: `trainA` and `testA` in summer, `trainB` and `testB` in winter.
  ///
  /// The training folders hold different scenes. The test folders hold the same scenes under the
  /// same names, so that a translation can be compared with the true other season. A picture
  /// depends on the seed, its number and the size alone: a larger `count` adds to a smaller one.
  ///
  /// - Parameters:
  ///   - folder: Where to; made if missing. Files of an earlier, smaller run are replaced.
  ///   - count: Training scenes in each season.
  ///   - testCount: Test scenes.
  ///   - size: Rows and columns of each picture.
  ///   - seed: Another seed, other scenes.
  ///   - threads: Pictures drawn at a time; the outcome does not depend on it.
  ///   - onPicture: Called when a picture is written, from any thread, also from several at a time.
  /// - Throws: `DatasetError` if the folder holds anything else, `FileError` if it cannot be
  ///   written.
  public static func write(
    to folder: String, count: Int, testCount: Int, size: Int, seed: UInt64,
    threads: Int = SystemCores.count,
    onPicture: @Sendable () -> Void = {}
  ) throws {
    precondition(count >= 0 && testCount >= 0, "\(count) and \(testCount) scenes")
    let plan = plan(count: count, testCount: testCount)
    try FolderListing.prepare(
      folder, ["trainA", "trainB", "testA", "testB"], for: plan.map { ($0.split, $0.name) })
    try ParallelWork.run(count: plan.count, threads: threads) { index in
      let file = plan[index]
      let picture = scene(seed: seed, index: file.scene)
        .picture(season: file.season, width: size, height: size)
      try ImageFile.write(picture, to: "\(folder)/\(file.split)/\(file.name)")
      onPicture()
    }
  }

  private struct PlannedFile {
    let split: String
    let name: String
    let scene: Int
    let season: Season
  }

  /// Summers of training are the even scenes, winters the odd ones, tests the negative ones.
  private static func plan(count: Int, testCount: Int) -> [PlannedFile] {
    func file(_ split: String, _ number: Int, scene: Int, _ season: Season) -> PlannedFile {
      PlannedFile(
        split: split, name: FolderListing.numberedName(number), scene: scene, season: season)
    }
    return (0..<count).map { file("trainA", $0, scene: 2 * $0, .summer) }
      + (0..<count).map { file("trainB", $0, scene: 2 * $0 + 1, .winter) }
      + (0..<testCount).map { file("testA", $0, scene: -1 - $0, .summer) }
      + (0..<testCount).map { file("testB", $0, scene: -1 - $0, .winter) }
  }
}
