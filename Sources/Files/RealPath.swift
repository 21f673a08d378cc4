import Glibc

/// Where paths lead, links and all.
package enum RealPath {
  /// A path from the root, without links as far as it exists; what is missing of it is appended.
  package static func of(_ path: String) -> String {
    var there = path, missing: [Substring] = []
    while true {
      if let found = realpath(there, nil) {
        defer { free(found) }
        return appending(missing.reversed(), to: String(cString: found))
      }
      let folder = AtomicFile.folder(of: there)
      if folder == there { return path }
      missing.append(
        there[(there.lastIndex(of: "/").map(there.index(after:)) ?? there.startIndex)...])
      there = folder
    }
  }

  private static func appending(_ names: [Substring], to path: String) -> String {
    var parts = path.split(separator: "/")
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
      if place == "/" { return false }
      place = AtomicFile.folder(of: place)
    }
    return true
  }
}
