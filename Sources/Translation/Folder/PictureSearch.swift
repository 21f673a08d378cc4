import Files
import Foundation
import ImageDatasets
import Images

/// The pictures of a folder and of all folders in it, in an order that does not depend on how the
/// file system lists them.
///
/// Candidates are files named like a PNG or a JPEG, in any case. Hidden files and folders are
/// left out. Symbolic links are followed as long as they stay inside the folder, and no folder is
/// entered twice.
package struct PictureSearch {
  /// Names relative to the folder, each folder's together, in the order of their bytes.
  private(set) var names: [String] = []
  /// Links that were not followed, since they lead out of the folder.
  private(set) var linksOut: [String] = []
  /// Why folders in it cannot be listed.
  private(set) var unlistable: [FileError] = []
  /// How many files are named like films, or like pictures of formats that are not read.
  private(set) var foreignCount = 0

  private let root: String
  private let realRoot: String
  private let followsAllLinks: Bool

  /// Searches a folder.
  ///
  /// - Parameters:
  ///   - root: The folder.
  ///   - excluded: A folder that is not entered.
  ///   - followsAllLinks: Whether links may lead out of the folder.
  /// - Throws: `DatasetError` if there is no such folder or it cannot be listed.
  init(_ root: String, excluding excluded: FileIdentity?, followsAllLinks: Bool)
    throws(DatasetError)
  {
    self.root = root
    self.followsAllLinks = followsAllLinks
    guard let realRoot = FilePaths.real(root) else { throw .missingFolder(root) }
    self.realRoot = realRoot
    FolderWalk.files(
      in: root, entering: { mayEnter($0, excluding: excluded) },
      onUnlistable: { unlistable.append($0) }, visit: { note($0) })
    if let failure = unlistable.first, failure.path == root {
      throw .unlistable(failure)
    }
  }

  private mutating func mayEnter(_ path: String, excluding excluded: FileIdentity?) -> Bool {
    guard let real = FilePaths.real(path), FileIdentity(of: real) != excluded else { return false }
    if !staysInside(real) { linksOut.append(path) }
    return staysInside(real)
  }

  private mutating func note(_ name: String) {
    guard ImageFormat(extensionOf: name) != nil else {
      if Self.isForeign(name) { foreignCount += 1 }
      return
    }
    let path = FilePaths.join(root, name)
    if FilePaths.isLink(path), let real = FilePaths.real(path), !staysInside(real) {
      return linksOut.append(path)
    }
    names.append(name)
  }

  private func staysInside(_ real: String) -> Bool {
    followsAllLinks || FilePaths.contains(realRoot, real)
  }

  /// Whether a file is named like a film, or like a picture of a format that is not read.
  package static func isForeign(_ name: String) -> Bool {
    VideoFormat(extensionOf: name) != nil || ImageFormat.isForeign(name)
  }
}
