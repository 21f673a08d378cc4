import Glibc

/// Paths as file systems read them: bytes between slashes.
///
/// To `String` a slash and a combining mark behind it are one character, and names that look alike
/// are equal; here they are not.
package enum FilePaths {
  private static let slash = UInt8(ascii: "/")

  /// The folder that a path lies in.
  package static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: slash) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path; slashes at its end are passed over.
  package static func name(of path: String) -> String { parts(of: path).last ?? path }

  /// The names that a path goes through.
  package static func parts(of path: String) -> [String] {
    path.utf8.split(separator: slash).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The path of a name in a folder; without a folder the name.
  package static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : folder.utf8.last == slash ? folder + name : folder + "/" + name
  }

  /// Whether one real path is, or lies in, another.
  package static func contains(_ folder: String, _ path: String) -> Bool {
    let (folder, path) = (folder.utf8, path.utf8)
    guard path.starts(with: folder) else { return false }
    return folder.count == path.count || folder.last == slash
      || path.dropFirst(folder.count).first == slash
  }

  /// The name of a path relative to a folder that it begins with; nil if it does not.
  package static func relative(_ path: String, to folder: String) -> String? {
    guard contains(folder, path) else { return nil }
    return String(
      decoding: path.utf8.dropFirst(folder.utf8.count).drop { $0 == slash }, as: UTF8.self)
  }

  /// Whether the path itself names a symbolic link.
  package static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// The path without links and dots; nil if it names nothing.
  package static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
