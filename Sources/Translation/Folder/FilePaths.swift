import Files
import Foundation

/// Paths, and what lies there.
enum FilePaths {
  /// Whether the path itself names a symbolic link.
  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// The path without links and dots; nil if it names nothing.
  static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Whether one real path is, or lies in, another.
  static func contains(_ folder: String, _ path: String) -> Bool {
    path == folder || path.hasPrefix(folder == "/" ? "/" : folder + "/")
  }

  /// Makes a folder and those above it.
  static func create(_ folder: String) throws(TranslationError) {
    do {
      try NewFolder.create(folder)
    } catch {
      throw .uncreatable(folder: error.path, reason: error.cause)
    }
  }

  /// The folder that a file lies in.
  static func folder(of path: String) -> String { AtomicFile.folder(of: path) }

  /// The last part of a path.
  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
