import Glibc

/// Names in a folder.
package enum FolderNames {
  /// The names of all that lies in a folder, hidden files too, in the order of their bytes, which
  /// does not depend on how the file system lists them.
  package static func list(_ folder: String) throws(FileError) -> [String] {
    try entries(folder).map(\.name)
  }

  /// A name, and what the folder itself knows of what is called so.
  struct Entry {
    let name: String
    /// A file or a folder, where the file system tells; nil for what must be looked at, such as a link.
    let kind: FileEntry.Kind?
    /// Whether the name is UTF-8; if not, it leads nowhere.
    let isText: Bool
  }

  /// All that lies in a folder, in the order of their names' bytes.
  static func entries(_ folder: String) throws(FileError) -> [Entry] {
    guard let listing = opendir(folder) else {
      throw FileError(.read, folder, .system(code: errno))
    }
    defer { closedir(listing) }
    var entries: [Entry] = []
    errno = 0
    while let entry = readdir(listing) {
      let (name, isText) = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        let bytes = bytes.prefix { $0 != 0 }
        return (
          String(decoding: bytes, as: UTF8.self), String(validating: bytes, as: UTF8.self) != nil
        )
      }
      if name != ".", name != ".." {
        let kind: FileEntry.Kind? =
          switch Int(entry.pointee.d_type) {
          case Int(DT_REG): .file
          case Int(DT_DIR): .folder
          default: nil
          }
        entries.append(Entry(name: name, kind: kind, isText: isText))
      }
      errno = 0
    }
    guard errno == 0 else { throw FileError(.read, folder, .system(code: errno)) }
    return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
