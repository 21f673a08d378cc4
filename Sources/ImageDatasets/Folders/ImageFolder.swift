import Files
import Images

/// The pictures of a folder and all folders in it, in a fixed order.
///
/// Candidates are files named like a PNG or a JPEG, in any case; whether they are pictures
/// shows when they are decoded. Hidden files and folders are left out. Symbolic links are
/// followed, but no folder is entered twice.
public struct ImageFolder: Sendable {
  /// The folder, as the caller named it.
  public let path: String
  /// Names relative to the folder, in the order of their bytes, each folder's together.
  public let names: [String]
  /// How many files are named like pictures of formats that are not read.
  public let foreignCount: Int

  /// Searches a folder.
  ///
  /// - Throws: `DatasetError` if there is no such folder, it cannot be listed, or holds no
  ///   candidates.
  public init(_ path: String) throws(DatasetError) {
    self.path = path
    guard let entry = FileEntry(at: path) else { throw .missingFolder(path) }
    guard entry.kind == .folder else { throw .notAFolder(path) }
    var names: [String] = [], foreignCount = 0
    try FolderWalk.files(
      in: path,
      onUnlistable: { error throws(DatasetError) in
        throw .unlistable(error)
      },
      visit: { name in
        if ImageFormat(extensionOf: name) != nil { names.append(name) }
        if ImageFormat.isForeign(name) { foreignCount += 1 }
      })
    (self.names, self.foreignCount) = (names, foreignCount)
    if names.isEmpty { throw .noPictures(path, foreignCount: foreignCount) }
  }

  /// The number of candidates, at least 1.
  public var count: Int { names.count }

  /// Where the candidate of a number lies.
  public func path(at index: Int) -> String { "\(path)/\(names[index])" }

  /// Pictures of two folders that have the same name, in the same format if there is one in it.
  ///
  /// - Returns: Indices into this folder's and the other's names, in this folder's order.
  /// - Throws: `DatasetError` if there are none.
  public func pairs(with other: ImageFolder) throws(DatasetError) -> [(Int, Int)] {
    func indices(of key: (String) -> FileName) -> [FileName: Int] {
      Dictionary(
        other.names.enumerated().map { (key($1), $0) }, uniquingKeysWith: { first, _ in first })
    }
    let whole = indices { FileName($0) }, stems = indices(of: Self.stemName)
    let pairs = names.enumerated().compactMap { index, name in
      (whole[FileName(name)] ?? stems[Self.stemName(name)]).map { (index, $0) }
    }
    if pairs.isEmpty { throw .noPairs(path, other.path) }
    return pairs
  }

  private static func stemName(_ name: String) -> FileName { FileName(stem(name)) }

  /// A name without its extension.
  static func stem(_ name: String) -> Substring {
    name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
  }
}
