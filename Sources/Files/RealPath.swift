/// Where paths lead, links and all.
package enum RealPath {
  /// A path from the root, without links as far as it exists; what is missing of it is appended.
  package static func of(_ path: String) -> String {
    var there = path, missing: [String] = []
    while true {
      if let found = FilePaths.real(there) { return appending(missing.reversed(), to: found) }
      let folder = FilePaths.folder(of: there)
      if folder == there { return path }
      // Nothing behind a slash at the end.
      missing.append(there.utf8.last == UInt8(ascii: "/") ? "" : FilePaths.name(of: there))
      there = folder
    }
  }

  private static func appending(_ names: [String], to path: String) -> String {
    var parts = FilePaths.parts(of: path)
    for name in names where name != "." && !name.isEmpty {
      if name == ".." { _ = parts.popLast() } else { parts.append(name) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// Whether a path is a folder that there is, or lies in it.
  package static func lies(_ path: String, in folder: String) -> Bool {
    guard let folder = FileIdentity(of: folder) else { return false }
    var place = of(path)
    while FileIdentity(of: place) != folder {
      let above = FilePaths.folder(of: place)
      // The root; or `.` where the current folder has been removed.
      if above == place { return false }
      place = above
    }
    return true
  }
}
