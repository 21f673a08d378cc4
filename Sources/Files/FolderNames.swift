import Glibc

/// Names in a folder.
package enum FolderNames {
  /// The names of all that lies in a folder, hidden files too, in the order of their bytes, which
  /// does not depend on how the file system lists them.
  package static func list(_ folder: String) throws(FileError) -> [String] {
    guard let listing = opendir(folder) else {
      throw FileError(.read, folder, .system(code: errno))
    }
    defer { closedir(listing) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw FileError(.read, folder, .system(code: errno)) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The path of a name in a folder.
  package static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}
