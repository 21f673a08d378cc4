import Files
import Foundation

/// Folders as the file system has them.
package enum FolderListing {
  /// Names in a folder, hidden ones left out, in the order of their bytes.
  static func names(in path: String) throws(DatasetError) -> [String] {
    do {
      return try FolderNames.list(path).filter { !$0.hasPrefix(".") }
    } catch {
      throw .unlistable(error)
    }
  }

  /// Makes the folders of a data set, and refuses those that hold something else: it would be
  /// trained on.
  ///
  /// - Parameters:
  ///   - root: The data set's folder.
  ///   - folders: The folders in it.
  ///   - files: All that will be written: folder and name.
  static func prepare(
    _ root: String, _ folders: [String], for files: [(folder: String, name: String)]
  ) throws {
    try NewFolder.create(root)
    let planned = Dictionary(grouping: files, by: \.folder)
    for folder in folders {
      let path = "\(root)/\(folder)"
      try NewFolder.create(path)
      AtomicFile.removeLeftovers(in: path)
      try refuseOthers(in: path, than: planned[folder, default: []].map(\.name))
    }
  }

  /// Refuses a folder that holds something else than what is to be written: nobody could tell the two
  /// apart.
  package static func refuseOthers(in path: String, than planned: [String]) throws(DatasetError) {
    let known = Set(planned)
    if let foreign = try names(in: path).first(where: { !known.contains($0) }) {
      throw .folderInUse(path, file: foreign)
    }
  }

  /// The name of a picture by its number: `00042.png`.
  static func numberedName(_ number: Int) -> String { number.digits(atLeast: 5) + ".png" }
}
