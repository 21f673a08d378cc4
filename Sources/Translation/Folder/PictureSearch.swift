import Files
import Foundation
import ImageDatasets
import Images

/// The pictures of a folder and of all folders in it, in an order that does not depend on how the
/// file system lists them.
///
/// Candidates are files named `.png`, `.jpg` or `.jpeg`, in any case. Hidden files and folders are
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
  private let excluded: String
  private let followsAllLinks: Bool
  private var entered: Set<String>

  /// Searches a folder.
  ///
  /// - Parameters:
  ///   - root: The folder.
  ///   - excluded: The real path of a folder that is not entered.
  ///   - followsAllLinks: Whether links may lead out of the folder.
  /// - Throws: `DatasetError` if there is no such folder or it cannot be listed.
  init(_ root: String, excluding excluded: String, followsAllLinks: Bool) throws(DatasetError) {
    self.root = root
    self.excluded = excluded
    self.followsAllLinks = followsAllLinks
    guard let realRoot = FilePaths.real(root) else { throw .missingFolder(root) }
    self.realRoot = realRoot
    entered = [realRoot]
    enter("")
    if let failure = unlistable.first, failure.path == root {
      throw .inaccessible(root, reason: failure.cause)
    }
  }

  /// Collects what lies in a folder, given by its name relative to the root and a slash.
  private mutating func enter(_ prefix: String) {
    let folder = prefix.isEmpty ? root : FilePaths.join(root, String(prefix.dropLast()))
    let listed: [String]
    do { listed = try FolderNames.list(folder) } catch { return unlistable.append(error) }
    for name in listed where !name.hasPrefix(".") { visit(prefix + name) }
  }

  private mutating func visit(_ name: String) {
    let path = FilePaths.join(root, name)
    // What cannot be reached, as a link to nothing, is said when it is read.
    let kind = FilePaths.kind(of: path) ?? .file
    guard kind == .folder else {
      if kind == .file { note(name, at: path) }
      return
    }
    guard let real = FilePaths.real(path), real != excluded else { return }
    guard staysInside(real) else { return linksOut.append(path) }
    if entered.insert(real).inserted { enter(name + "/") }
  }

  private mutating func note(_ name: String, at path: String) {
    guard ImageFormat(extensionOf: name) != nil else {
      if Self.isForeign(name) { foreignCount += 1 }
      return
    }
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
    guard let dot = name.lastIndex(of: ".") else { return false }
    let pictures = [
      "avif", "bmp", "gif", "heic", "heif", "jp2", "jxl", "tif", "tiff", "webp",
    ]
    return VideoFormat(extensionOf: name) != nil
      || pictures.contains(name[dot...].dropFirst().lowercased())
  }
}
