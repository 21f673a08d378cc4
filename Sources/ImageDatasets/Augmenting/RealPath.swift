import Files
import Foundation

/// Where paths lead.
enum RealPath {
  /// A path from the root, without links as far as it exists; what is missing of it is appended.
  static func of(_ path: String) -> String {
    var there = path, missing: [Substring] = []
    while true {
      if let found = realpath(there, nil) {
        defer { free(found) }
        let all = [String(cString: found)] + missing.reversed().map(String.init)
        return URL(fileURLWithPath: all.joined(separator: "/")).standardizedFileURL.path
      }
      let slash = there.lastIndex(of: "/")
      missing.append(there[(slash.map(there.index(after:)) ?? there.startIndex)...])
      let folder = AtomicFile.folder(of: there)
      if folder == there { return path }
      there = folder
    }
  }
}
